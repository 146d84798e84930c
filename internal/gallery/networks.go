package gallery

var networks = []Example{
	{
		ID: "attention", Topic: "networks",
		Title: Words{"Attention", "注意力机制"},
		About: Words{
			"Queries, keys and values with the gradient G that arrives from above; softmax of each row.",
			"查询、键与值，G 是上层传来的梯度；softmax 逐行作用。",
		},
		Expr: "Q: matrix(m, d)\nK: matrix(n, d)\nV: matrix(n, p)\nG: matrix(m, p)\nl = tr(G'*softmaxrows(Q*K'/sqrt(d))*V)", Wrt: by("Q", "K", "V"),
		Source: "Vaswani et al., Attention Is All You Need (2017), equation 1",
	},
	{
		ID: "layer-norm", Topic: "networks",
		Title: Words{"Layer normalisation", "层归一化"},
		About: Words{
			"Centring and scaling by the standard deviation; u is the gradient from above.",
			"先减去均值再除以标准差；u 是上层传来的梯度。",
		},
		Expr: "x, g, b, u: vector(n)\ne: scalar positive\nz = x - mean(x)\ny = g.*z/sqrt(mean(z.^2) + e) + b\nl = u'*y", Wrt: by("x", "g", "b"),
		Source: "Ba, Kiros and Hinton, Layer Normalization (2016)",
	},
	{
		ID: "rms-norm", Topic: "networks",
		Title: Words{"Root mean square normalisation", "均方根归一化"},
		About: Words{
			"As layer normalisation, without the mean: a projection remains in the gradient.",
			"与层归一化相似但不减均值：梯度中留下一个投影。",
		},
		Expr: "x, g, u: vector(n)\ne: scalar positive\nl = u'*(g.*x)/sqrt(mean(x.^2) + e)", Wrt: by("x", "g"),
		Source: "Zhang and Sennrich, Root Mean Square Layer Normalization (2019)",
	},
	{
		ID: "dense-layer", Topic: "networks",
		Title: Words{"A dense layer", "全连接层"},
		About: Words{
			"What a layer passes back, given the gradient G from above: to its weights, its bias and its input.",
			"已知上层梯度 G，求本层向权重、偏置和输入传回的梯度。",
		},
		Expr: "X: matrix(N, n)\nW: matrix(n, k)\nb: vector(k)\nG: matrix(N, k)\nl = tr(G'*tanh(X*W + ones(N)*b'))", Wrt: by("W", "b", "X"),
	},
	{
		ID: "relu-network", Topic: "networks",
		Title: Words{"Two layers with rectifiers", "ReLU 两层网络"},
		About: Words{
			"A step function lets through the error where the unit was active.",
			"阶跃函数只让被激活单元的误差通过。",
		},
		Expr: "W1: matrix(p, n)\nb1: vector(p)\nW2: matrix(m, p)\nb2: vector(m)\nx: vector(n)\ny: vector(m)\nh = relu(W1*x + b1)\nl = norm2(W2*h + b2 - y)^2/2", Wrt: by("W1", "b1", "W2", "b2"),
	},
	{
		ID: "three-layers", Topic: "networks",
		Title: Words{"Three layers", "三层神经网络"},
		About: Words{
			"The error of each layer is named once and used for all gradients below it.",
			"每层的误差只算一次，供其下各层的梯度共用。",
		},
		Expr: "W1: matrix(p, n)\nW2: matrix(q, p)\nW3: matrix(m, q)\nx: vector(n)\ny: vector(m)\nh1 = tanh(W1*x)\nh2 = tanh(W2*h1)\nl = norm2(W3*h2 - y)^2/2", Wrt: by("W1", "W2", "W3"),
	},
	{
		ID: "residual-block", Topic: "networks",
		Title: Words{"A residual block", "残差块"},
		About: Words{
			"The identity path adds the gradient from above unchanged.",
			"恒等支路把上层梯度原样加了进来。",
		},
		Expr: "x, g: vector(n)\nW1: matrix(p, n)\nW2: matrix(n, p)\ny = x + W2*relu(W1*x)\nl = g'*y", Wrt: by("x", "W1", "W2"),
		Source: "He et al., Deep Residual Learning (2016)",
	},
	{
		ID: "gated-unit", Topic: "networks",
		Title: Words{"A gated linear unit", "门控线性单元"},
		About: Words{
			"A Hadamard product of two branches; each gets the other as a factor.",
			"两个分支作逐元素乘积，各自的梯度以对方为因子。",
		},
		Expr: "x: vector(n)\nV, W: matrix(p, n)\ng: vector(p)\nl = g'*((V*x).*sigmoid(W*x))", Wrt: by("V", "W", "x"),
		Source: "Dauphin et al., Language Modeling with Gated Convolutional Networks (2017)",
	},
	{
		ID: "recurrent-step", Topic: "networks",
		Title: Words{"Two steps of a recurrent network", "循环网络的两步"},
		About: Words{
			"The weights occur in both steps; their gradient is the sum of both paths.",
			"两步共用同一权重，其梯度是两条路径之和。",
		},
		Expr: "U: matrix(p, p)\nV: matrix(p, n)\nx1, x2: vector(n)\nh0, g: vector(p)\nh1 = tanh(U*h0 + V*x1)\nh2 = tanh(U*h1 + V*x2)\nl = g'*h2", Wrt: by("U", "V"),
	},
	{
		ID: "autoencoder", Topic: "networks",
		Title: Words{"An autoencoder with tied weights", "共享权重的自编码器"},
		About: Words{
			"W occurs in the encoder and, transposed, in the decoder.",
			"W 既用于编码器，又以转置形式用于解码器。",
		},
		Expr: "X: matrix(n, N)\nW: matrix(p, n)\nl = norm2(X - W'*sigmoid(W*X))^2", Wrt: by("W"),
		LaTeX: `\|X - W^\top \sigma(W X)\|_F^2`,
	},
	{
		ID: "variational-autoencoder", Topic: "networks",
		Title: Words{"The divergence in a variational autoencoder", "变分自编码器的 KL 散度"},
		About: Words{
			"From a normal distribution with mean u and variances exp(s) to the standard one.",
			"均值为 u、方差为 exp(s) 的正态分布相对于标准正态分布的散度。",
		},
		Expr: "u, s: vector(n)\nl = (sum(exp(s)) + u'*u - sum(s) - n)/2", Wrt: by("u", "s"),
		Source: "Kingma and Welling, Auto-Encoding Variational Bayes (2013), appendix B",
	},
	{
		ID: "softmax-jacobian", Topic: "networks",
		Title: Words{"The Jacobian of softmax", "softmax 的雅可比矩阵"},
		About: Words{
			"diag(s) − ssᵀ with s = softmax(z): symmetric, and each row sums to zero.",
			"记 s = softmax(z)，则为 diag(s) − ssᵀ：它对称，且每行之和为零。",
		},
		Expr: "z: vector(k)\ns = softmax(z)", Wrt: by("z"), LaTeX: `\operatorname{softmax}(z)`,
	},
	{
		ID: "swish", Topic: "networks",
		Title: Words{"The swish activation", "swish 激活函数"},
		About: Words{
			"An activation x⊙σ(x) as a layer, with the gradient g from above.",
			"以 x⊙σ(x) 为激活的一层，g 是上层传来的梯度。",
		},
		Expr: "W: matrix(p, n)\nx: vector(n)\ng: vector(p)\na = W*x\nl = g'*(a.*sigmoid(a))", Wrt: by("W", "x"),
		Source: "Ramachandran, Zoph and Le, Searching for Activation Functions (2017)",
	},
	{
		ID: "contrastive", Topic: "networks",
		Title: Words{"A contrastive loss", "对比损失"},
		About: Words{
			"Rows of U and V that belong together should have the largest inner product in their row.",
			"U、V 中配对的行，其内积应在所在行中最大。",
		},
		Expr: "U, V: matrix(N, d)\nt: scalar positive\nS = U*V'/t\nl = -tr(log(softmaxrows(S)))/N", Wrt: by("U", "V"),
		Source: "Radford et al., Learning Transferable Visual Models (2021)",
	},
	{
		ID: "low-rank-adaptation", Topic: "networks",
		Title: Words{"Low-rank adaptation", "低秩适配（LoRA）"},
		About: Words{
			"A fixed matrix W plus a product BA of low rank; only the two factors are trained.",
			"固定矩阵 W 加上低秩乘积 BA；只训练这两个因子。",
		},
		Expr: "W: matrix(m, n) constant\nB: matrix(m, r)\nA: matrix(r, n)\nx: vector(n)\ny: vector(m)\nl = norm2((W + B*A)*x - y)^2/2", Wrt: by("A", "B"),
		Source: "Hu et al., LoRA (2021)",
	},
}
