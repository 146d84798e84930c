package convex

// A Phrase says what a rule means, in English and in Chinese. In both
//
//	$f           what the rule is about
//	$1, $2       what it follows from
//	$*           all of that
//	$g, $h       the curvature asked for, and the opposite one
//	$n, $m       the outer function of a composition, and how it moves
//	$v           the variables
//	$q           a minus sign where concavity is asked for
//	$s           ⪰, or ⪯ where concavity is asked for
//	$r           ≥, or ≤ where concavity is asked for
//	$w           ≥, or ≤ for a weight that is at most zero
//	$k           the curvature of what a weight multiplies
type Phrase struct{ Rule, English, Chinese string }

// Phrases lists the rules of certificates.
func Phrases() []Phrase { return phrases }

var phrases = []Phrase{
	{"affine", "$f is affine in $v", "$f 关于 $v 是仿射的"},
	{"sum", "$f is $g: a sum of $g terms", "$f 是$g的：$g项之和"},
	{"entries", "$f is $g: a sum of $g entries", "$f 是$g的：$g的各项之和"},
	{"weight", "$f is $g: the weight $1 $w 0 times what is $k", "$f 是$g的：权重 $1 $w 0 乘以$k项"},

	// Composition.
	{"compose-affine", "$f is $g: $n is $g, $1 is affine", "$f 是$g的：$n 是$g的，$1 是仿射的"},
	{"compose-convex", "$f is $g: $n is $g and $m, $* is convex", "$f 是$g的：$n 是$g的且$m，$* 是凸的"},
	{"compose-concave", "$f is $g: $n is $g and $m, $* is concave", "$f 是$g的：$n 是$g的且$m，$* 是凹的"},
	{"exponential", "$f is $g: an exponential of the affine $1", "$f 是$g的：仿射函数 $1 的指数函数"},

	// Norms and powers.
	{"norm", "$f is $g: a norm of affine or nonnegative convex functions", "$f 是$g的：仿射函数或非负凸函数的范数"},
	{"norm-power", "$f is $g: a power ≥ 1 of a norm of affine or nonnegative convex functions", "$f 是$g的：仿射函数或非负凸函数的范数的 ≥ 1 次幂"},
	{"mean-concave", "$f is $g: (Σ uᵖ)^(1/p) with p < 1 of concave u > 0, to a power in (0, 1]", "$f 是$g的：凹函数 u > 0 的 (Σ uᵖ)^(1/p)（p < 1）的 (0, 1] 次幂"},
	{"mean-convex", "$f is $g: (Σ uᵖ)^(1/p) with p < 1 of concave u > 0, to a negative power", "$f 是$g的：凹函数 u > 0 的 (Σ uᵖ)^(1/p)（p < 1）的负次幂"},
	{"geometric-mean", "$f is $g: powers > 0 with sum ≤ 1 of concave functions ≥ 0", "$f 是$g的：非负凹函数的正次幂之积，指数之和 ≤ 1"},
	{"power-product", "$f is $g: powers with sum ≥ 1 or all negative, only that of a convex function positive, the others of concave ones > 0", "$f 是$g的：幂之积，至多一个正指数（底为凸函数，指数之和 ≥ 1），其余为正的凹函数的负次幂"},

	// Quadratic forms and functions of a definite matrix.
	{"quadratic", "$f is $g: $r 0 times squares of the affine $1", "$f 是$g的：仿射函数 $1 的平方，系数 $r 0"},
	{"quadratic-middle", "$f is $g: a quadratic form in the affine $1, semidefinite by $2", "$f 是$g的：仿射函数 $1 的二次型，由 $2 知其半定"},
	{"quadratic-over-linear", "$f is $g: squares of the affine $1 over the concave $2 > 0", "$f 是$g的：仿射函数 $1 的平方除以凹函数 $2 > 0"},
	{"matrix-fractional", "$f is $g: uᵀP⁻¹u is convex in u = $1 and P = $2 ≻ 0 together", "$f 是$g的：uᵀP⁻¹u 关于 u = $1 与 P = $2 ≻ 0 联合凸"},
	{"matrix-inverse", "$f is $g: tr(W P⁻¹) with W ⪰ 0 is convex in P = $1 ≻ 0", "$f 是$g的：W ⪰ 0 时 tr(W P⁻¹) 关于 P = $1 ≻ 0 是凸的"},
	{"matrix-affine", "$f is $g on $1 ≻ 0, which is affine", "$f 在 $1 ≻ 0 上是$g的，$1 是仿射的"},
	{"matrix-convex", "$f is $g and falling in $1 ≻ 0, which is convex in the order of symmetric matrices", "$f 关于 $1 ≻ 0 是$g的且单调减，$1 按对称矩阵的序是凸的"},
	{"matrix-concave", "$f is $g and rising in $1 ≻ 0, which is concave in the order of symmetric matrices", "$f 关于 $1 ≻ 0 是$g的且单调，$1 按对称矩阵的序是凹的"},

	{"root", "$f is $g in $1 ≻ 0: the root of $2, which is log-concave and homogeneous of that degree", "$f 关于 $1 ≻ 0 是$g的：$2 是对数凹的且齐次，次数即根指数"},

	// Logarithms and perspectives.
	{"log-convex", "$f is $g: its logarithm is convex", "$f 是$g的：它的对数是凸的"},
	{"logarithm", "log $f = $1 is $g", "log $f = $1 是$g的"},
	{"log-row", "log $f is $g in the affine $1", "log $f 关于仿射的 $1 是$g的"},
	{"log-convex-sum", "the logarithm of $f is convex: a sum of log-convex terms", "$f 的对数是凸的：各项都是对数凸的"},
	{"logarithm-of", "$f is $g", "$f 是$g的"},
	{"perspective", "$f is $g: a perspective t φ(u/t), t = $1 > 0 and u = $2 affine", "$f 是$g的：透视函数 t φ(u/t)，t = $1 > 0 与 u = $2 都是仿射的"},
	{"entropy", "$f is $g: t log t of the affine t = $1 > 0", "$f 是$g的：仿射函数 t = $1 > 0 的 t log t"},

	// The second derivative.
	{"second-derivative", "the second derivative by $v is $f $r 0", "关于 $v 的二阶导数 $f $r 0"},
	{"hessian", "the Hessian by $v is H = $f", "关于 $v 的 Hessian 矩阵是 H = $f"},
	{"hessian-constant", "the Hessian by $v is H = $f, which is constant", "关于 $v 的 Hessian 矩阵是 H = $f，为常数"},
	{"square", "$f $s 0: of the form $qMᵀM", "$f $s 0：形如 $qMᵀM"},
	{"square-weighed", "$f $s 0: of the form $qMᵀ D M, D diagonal with entries from $* ≥ 0", "$f $s 0：形如 $qMᵀ D M，D 为对角阵，对角元由 $* ≥ 0 构成"},
	{"square-middle", "$f $s 0: of the form $qMᵀ S M, with $* ⪰ 0", "$f $s 0：形如 $qMᵀ S M，其中 $* ⪰ 0"},
	{"square-kron", "$f $s 0: a Kronecker or Hadamard product of $* ⪰ 0", "$f $s 0：半正定矩阵 $* 的 Kronecker 积或 Hadamard 积"},
	{"variance", "$f $s 0: a variance $q(Σ w u² − (Σ p u)²) with w > 0, Σ p²/w ≤ 1 (Cauchy–Schwarz)", "$f $s 0：形如方差 $q(Σ w u² − (Σ p u)²)，w > 0 且 Σ p²/w ≤ 1（Cauchy–Schwarz）"},
	{"diagonal", "$f $s 0: diagonal, with entries $1 $r 0", "$f $s 0：对角阵，对角元 $1 $r 0"},
}
