package gallery

var engineering = []Example{
	{
		ID: "kalman-gain", Topic: "engineering",
		Title: Words{"The Kalman gain", "卡尔曼增益"},
		About: Words{
			"The trace of the error covariance is least at K = PHᵀ(HPHᵀ + R)⁻¹: set the gradient to zero.",
			"误差协方差的迹在 K = PHᵀ(HPHᵀ + R)⁻¹ 处最小：令梯度为零即得。",
		},
		Expr: "K: matrix(n, m)\nH: matrix(m, n)\nP: matrix(n, n) posdef\nR: matrix(m, m) posdef\nl = tr((eye(n) - K*H)*P*(eye(n) - K*H)' + K*R*K')", Wrt: by("K"), Solve: true,
		LaTeX:  `\operatorname{tr}((I - K H) P (I - K H)^\top + K R K^\top)`,
		Source: "Kalman, Journal of Basic Engineering 82 (1960)",
	},
	{
		ID: "innovation-likelihood", Topic: "engineering",
		Title: Words{"The likelihood of an innovation", "新息的似然"},
		About: Words{
			"By the noise covariance of a state space model, through S = HPHᵀ + R.",
			"状态空间模型中，经由 S = HPHᵀ + R 对噪声协方差求导。",
		},
		Expr: "H: matrix(m, n)\nP: matrix(n, n) posdef\nR: matrix(m, m) posdef\ne: vector(m)\nS = H*P*H' + R\nl = logdet(S) + e'*inv(S)*e", Wrt: by("R", "H"),
	},
	{
		ID: "wiener-filter", Topic: "engineering",
		Title: Words{"The Wiener filter", "维纳滤波器"},
		About: Words{
			"The mean squared error of a linear filter by its coefficients.",
			"线性滤波器的均方误差对滤波系数求导。",
		},
		Expr: "R: matrix(n, n) posdef\np, w: vector(n)\nc: scalar\nl = c - 2*w'*p + w'*R*w", Wrt: by("w"), Solve: true,
		Source: "Haykin, Adaptive Filter Theory, chapter 2",
	},
	{
		ID: "recursive-least-squares", Topic: "engineering",
		Title: Words{"Least squares with forgetting", "带遗忘因子的最小二乘"},
		About: Words{
			"Old samples count less: a diagonal matrix of powers of the forgetting factor.",
			"旧样本权重较小：权重矩阵的对角元素是遗忘因子的幂。",
		},
		Expr: "X: matrix(m, n)\nd: vector(m)\nw: vector(n)\nL: matrix(m, m) diagonal positive\nc: scalar positive\nl = (d - X*w)'*L*(d - X*w) + c*norm2(w)^2", Wrt: by("w"), Solve: true,
	},
	{
		ID: "beamformer", Topic: "engineering",
		Title: Words{"The beamformer of least variance", "最小方差波束形成"},
		About: Words{
			"Least output power, with unit response in the direction a.",
			"在方向 a 上保持单位响应，使输出功率最小。",
		},
		Expr: "R: matrix(n, n) posdef\nw, a: vector(n)\nl = w'*R*w", Wrt: by("w"), Solve: true, SubjectTo: []string{"a'*w = 1"},
		Source: "Capon, Proceedings of the IEEE 57 (1969)",
	},
	{
		ID: "array-gain", Topic: "engineering",
		Title: Words{"Signal to noise ratio of an array", "阵列的信噪比"},
		About: Words{
			"A ratio of two quadratic forms by the weights of the array.",
			"两个二次型之比对阵列权重求导。",
		},
		Expr: "w, a: vector(n)\nR: matrix(n, n) posdef\nl = (w'*a)^2/(w'*R*w)", Wrt: by("w"),
		LaTeX: `\frac{(w^\top a)^2}{w^\top R w}`,
	},
	{
		ID: "channel-capacity", Topic: "engineering",
		Title: Words{"Capacity of a channel with several antennas", "多天线信道的容量"},
		About: Words{
			"log det(I + HQHᵀ/c) by the covariance Q of the input.",
			"log det(I + HQHᵀ/c) 对输入协方差 Q 求导。",
		},
		Expr: "H: matrix(m, n)\nQ: matrix(n, n) posdef\nc: scalar positive\nl = logdet(eye(m) + H*Q*H'/c)", Wrt: by("Q"),
		LaTeX: `\log\det\left(I + \frac{1}{c} H Q H^\top\right)`, Source: "Telatar, Capacity of Multi-antenna Gaussian Channels (1999)",
	},
	{
		ID: "phase-retrieval", Topic: "engineering",
		Title: Words{"Phase retrieval", "相位恢复"},
		About: Words{
			"Intensities (Ax)² are measured; the objective is of order four.",
			"测得的是强度 (Ax)²；目标函数是四次的。",
		},
		Expr: "A: matrix(m, n)\nx: vector(n)\ny: vector(m)\nl = norm2((A*x).^2 - y)^2/4", Wrt: by("x"),
		Source: "Candès, Li and Soltanolkotabi, IEEE Trans. Information Theory 61 (2015)",
	},
	{
		ID: "total-variation", Topic: "engineering",
		Title: Words{"Smoothed total variation", "光滑化的全变差"},
		About: Words{
			"D takes differences; the small constant c makes the absolute value differentiable.",
			"D 取差分；小常数 c 使绝对值处处可导。",
		},
		Expr: "D: matrix(m, n)\nx, y: vector(n)\nb, c: scalar positive\nl = norm2(x - y)^2/2 + b*sum(sqrt((D*x).^2 + c))", Wrt: by("x"),
		Source: "Rudin, Osher and Fatemi, Physica D 60 (1992)",
	},
	{
		ID: "quadratic-regulator", Topic: "engineering",
		Title: Words{"One step of a linear regulator", "线性调节器的一步"},
		About: Words{
			"The cost of an input u and of the state it leads to; its zero is the feedback law.",
			"输入 u 及其导致的状态的代价；梯度为零给出反馈律。",
		},
		Expr: "A: matrix(n, n)\nB: matrix(n, m)\nx: vector(n)\nu: vector(m)\nP: matrix(n, n) posdef\nR: matrix(m, m) posdef\nz = A*x + B*u\nl = z'*P*z + u'*R*u", Wrt: by("u"), Solve: true,
		Source: "Anderson and Moore, Optimal Control: Linear Quadratic Methods, chapter 2",
	},
	{
		ID: "least-squares-deconvolution", Topic: "engineering",
		Title: Words{"Deconvolution with a Toeplitz matrix", "Toeplitz 矩阵反卷积"},
		About: Words{
			"A convolution is a product with a Toeplitz matrix T. By T all entries count as free; the gradient of a filter coefficient sums along its diagonal.",
			"卷积就是乘以 Toeplitz 矩阵 T。对 T 求导时所有元素视为自由；某个滤波系数的梯度是对应对角线上各元素之和。",
		},
		Expr: "T: matrix(n, n) toeplitz\nx, y: vector(n)\nl = norm2(T*x - y)^2/2", Wrt: by("x", "T"),
	},
	{
		ID: "spring", Topic: "engineering",
		Title: Words{"The force of a spring", "弹簧的力"},
		About: Words{
			"The negative gradient of the energy of a spring between two points.",
			"两点间弹簧势能的负梯度就是弹力。",
		},
		Expr: "p, q: vector(n)\nk, r: scalar positive\nl = k/2*(norm2(p - q) - r)^2", Wrt: by("p"),
		LaTeX: `\frac{k}{2}(\|p - q\| - r)^2`,
	},
}
