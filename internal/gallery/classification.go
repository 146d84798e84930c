package gallery

var classification = []Example{
	{
		ID: "logistic", Topic: "classification",
		Title: Words{"Logistic regression, labels ±1", "逻辑回归（标签为 ±1）"},
		About: Words{
			"Each sample counts with the probability of the wrong label, the logistic function of −y⊙Xw.",
			"每个样本按判错的概率加权，即 −y⊙Xw 的 sigmoid 值。",
		},
		Expr: "X: matrix(m, n)\nw: vector(n)\ny: vector(m)\nl = sum(log(1 + exp(-y.*(X*w))))", Wrt: by("w"),
		LaTeX: `\sum \log(1 + \exp(-y \odot (X w)))`, Source: "Cox, JRSS B 20 (1958)",
	},
	{
		ID: "cross-entropy", Topic: "classification",
		Title: Words{"Binary cross-entropy", "二元交叉熵"},
		About: Words{
			"Labels 0 and 1 with a bias: the logarithms cancel and Xᵀ(p − y) is left.",
			"标签为 0 和 1，带偏置：对数相互抵消，只剩 Xᵀ(p − y)。",
		},
		Expr: "X: matrix(m, n)\nw: vector(n)\nb: scalar\ny: vector(m)\np = sigmoid(X*w + b)\nl = -y'*log(p) - (1 - y)'*log(1 - p)", Wrt: by("w", "b"),
	},
	{
		ID: "softmax-regression", Topic: "classification",
		Title: Words{"Softmax regression, many samples", "softmax 回归（多个样本）"},
		About: Words{
			"Samples and one-hot labels are rows; softmax acts on each row.",
			"样本与独热标签都按行排列，softmax 逐行作用。",
		},
		Expr: "X: matrix(m, n)\nW: matrix(n, k)\nY: matrix(m, k)\nl = -tr(Y'*log(softmaxrows(X*W)))", Wrt: by("W"),
		Source: "Bishop, Pattern Recognition and Machine Learning, section 4.3.4",
	},
	{
		ID: "squared-hinge", Topic: "classification",
		Title: Words{"Support vector machine, squared hinge", "支持向量机（平方合页损失）"},
		About: Words{
			"Only samples inside the margin enter the gradient; the squared hinge has no kink.",
			"只有间隔以内的样本进入梯度；平方合页损失处处可导。",
		},
		Expr: "X: matrix(m, n)\nw: vector(n)\ny: vector(m)\nc: scalar positive\nl = w'*w/2 + c*sum(relu(1 - y.*(X*w)).^2)", Wrt: by("w"),
		Source: "Chang, Hsieh and Lin, JMLR 9 (2008)",
	},
	{
		ID: "hinge", Topic: "classification",
		Title: Words{"Support vector machine, hinge", "支持向量机（合页损失）"},
		About: Words{
			"The kink of the hinge appears as a step function, and in the assumptions of the answer.",
			"合页的不可导点表现为阶跃函数，并写在答案的假设里。",
		},
		Expr: "X: matrix(m, n)\nw: vector(n)\nb: scalar\ny: vector(m)\nc: scalar positive\nl = c/2*norm2(w)^2 + sum(max(0, 1 - y.*(X*w + b)))/m", Wrt: by("w", "b"),
		Source: "Cortes and Vapnik, Machine Learning 20 (1995)",
	},
	{
		ID: "exponential-loss", Topic: "classification",
		Title: Words{"The exponential loss of boosting", "提升方法的指数损失"},
		About: Words{
			"The weights of AdaBoost are the exponentials that stay in the gradient.",
			"梯度中保留的指数因子就是 AdaBoost 的样本权重。",
		},
		Expr: "X: matrix(m, n)\nw: vector(n)\ny: vector(m)\nl = sum(exp(-y.*(X*w)))/m", Wrt: by("w"),
		Source: "Friedman, Hastie and Tibshirani, Annals of Statistics 28 (2000)",
	},
	{
		ID: "probit", Topic: "classification",
		Title: Words{"Probit regression", "probit 回归"},
		About: Words{
			"The normal distribution function is written with erf, whose derivative is a Gaussian density.",
			"正态分布函数用 erf 表示，而 erf 的导数是高斯密度。",
		},
		Expr: "X: matrix(m, n)\nw: vector(n)\ny: vector(m)\nl = -sum(log((1 + erf(y.*(X*w)/sqrt(2)))/2))", Wrt: by("w"),
		Source: "Bliss, Science 79 (1934)",
	},
	{
		ID: "focal-loss", Topic: "classification",
		Title: Words{"Focal loss", "焦点损失"},
		About: Words{
			"Well classified samples are weighted down by a power of their error.",
			"对已分对的样本，以其误差的幂降低权重。",
		},
		Expr: "X: matrix(m, n)\nw: vector(n)\ny: vector(m)\np = sigmoid(y.*(X*w))\nl = -sum((1 - p).^2.*log(p))", Wrt: by("w"),
		Source: "Lin et al., Focal Loss for Dense Object Detection (2017)",
	},
	{
		ID: "label-smoothing", Topic: "classification",
		Title: Words{"Soft labels", "软标签"},
		About: Words{
			"A declared simplex is used: the entries of y sum to one, which removes a factor from the gradient.",
			"利用 y 属于单纯形这一声明：各分量之和为 1，梯度因此少了一个因子。",
		},
		Expr: "W: matrix(k, n)\nx: vector(n)\nb: vector(k)\ny: vector(k) simplex\nl = -y'*log(softmax(W*x + b))", Wrt: by("W", "b"),
	},
	{
		ID: "distillation", Topic: "classification",
		Title: Words{"Distillation with a temperature", "带温度的知识蒸馏"},
		About: Words{
			"Teacher and student share a temperature t; the gradient compares their two softmaxes.",
			"教师与学生共用温度 t；梯度比较两者的 softmax 输出。",
		},
		Expr: "z, u: vector(k)\nt: scalar positive\nl = -t^2*softmax(u/t)'*log(softmax(z/t))", Wrt: by("z"),
		Source: "Hinton, Vinyals and Dean, Distilling the Knowledge in a Neural Network (2015)",
	},
	{
		ID: "dice", Topic: "classification",
		Title: Words{"Dice loss", "Dice 损失"},
		About: Words{
			"An overlap of two masks as a quotient: the quotient rule gives two terms.",
			"两个掩码的重叠度写成商，按商的法则得到两项。",
		},
		Expr: "x, y: vector(n)\nl = 1 - 2*x'*y/(sum(x) + sum(y))", Wrt: by("x"),
		LaTeX:  `1 - \frac{2 x^\top y}{\mathbf{1}^\top x + \mathbf{1}^\top y}`,
		Source: "Milletari, Navab and Ahmadi, V-Net (2016)",
	},
	{
		ID: "pairwise-ranking", Topic: "classification",
		Title: Words{"Learning to rank from pairs", "成对排序学习"},
		About: Words{
			"The rows of D are differences of two items, the better one first.",
			"D 的每一行是两个对象之差，较优者在前。",
		},
		Expr: "D: matrix(m, n)\nw: vector(n)\nc: scalar positive\nl = sum(softplus(-D*w)) + c*norm2(w)^2", Wrt: by("w"),
		Source: "Burges et al., Learning to Rank using Gradient Descent (2005)",
	},
}
