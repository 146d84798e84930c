package nabla

import (
	"strings"
)

// A solveRule is the rule of a line in words; $1, $2 are its operands, $x is the
// unknown.
type solveRule struct {
	name, en, zh string
	// inverts says that the line holds only where an operand can be inverted.
	inverts bool
	// multiplies says that the operands must not be zero at the solution; byMatrix,
	// that they are matrices which must be invertible.
	multiplies, byMatrix bool
	// ranged says that the line holds where the right side lies in a range.
	ranged bool
}

var solveRules = []solveRule{
	{name: "gradient-zero", en: "set the gradient to zero", zh: "令梯度为零"},
	{name: "lagrangian-zero", en: "set the gradient of the Lagrangian to zero", zh: "令拉格朗日函数的梯度为零"},
	{name: "constraint", en: "the constraint", zh: "约束条件"},
	{name: "given-equation", en: "the equation", zh: "所给方程"},
	{name: "symmetric-part", en: "$x is symmetric: only the symmetric part of the gradient has to vanish", zh: "$x 对称：只需梯度的对称部分为零"},
	{name: "collect", en: "terms in $x on the left, the others on the right", zh: "含 $x 的项移到左边，其余移到右边"},
	{name: "collect-divide", en: "terms in $x on the left, the others on the right; divided by $1", zh: "含 $x 的项移到左边，其余移到右边，两边除以 $1"},
	{name: "collect-multiply", en: "terms in $x on the left, the others on the right; multiplied by $1", zh: "含 $x 的项移到左边，其余移到右边，两边乘以 $1"},
	{name: "transpose-collect", en: "transpose; terms in $x on the left, the others on the right", zh: "两边转置，含 $x 的项移到左边，其余移到右边"},
	{name: "transpose-collect-divide", en: "transpose; terms in $x on the left, the others on the right; divided by $1", zh: "两边转置，含 $x 的项移到左边，其余移到右边，两边除以 $1"},
	{name: "transpose-collect-multiply", en: "transpose; terms in $x on the left, the others on the right; multiplied by $1", zh: "两边转置，含 $x 的项移到左边，其余移到右边，两边乘以 $1"},
	{name: "normal-equations", en: "the normal equations: terms in $x on the left, divided by $1", zh: "正规方程：含 $x 的项移到左边，两边除以 $1"},
	{name: "left-inverse", en: "multiply by the inverse of $1 from the left", zh: "两边左乘 $1 的逆", inverts: true},
	{name: "right-inverse", en: "multiply by the inverse of $1 from the right", zh: "两边右乘 $1 的逆", inverts: true},
	{name: "both-inverses", en: "multiply by the inverse of $1 from the left and of $2 from the right", zh: "左乘 $1 的逆，右乘 $2 的逆", inverts: true},
	{name: "divide-by", en: "divide by $1", zh: "两边除以 $1", inverts: true},
	{name: "divide-entrywise", en: "divide entry by entry by $1", zh: "逐元素除以 $1", inverts: true},
	{name: "multiply", en: "multiply by $1, which is not zero", zh: "两边乘以非零的 $1", multiplies: true},
	{name: "multiply-left", en: "multiply by $1 from the left", zh: "两边左乘 $1", multiplies: true, byMatrix: true},
	{name: "multiply-right", en: "multiply by $1 from the right", zh: "两边右乘 $1", multiplies: true, byMatrix: true},
	{name: "multiply-entrywise", en: "multiply entry by entry by $1", zh: "两边逐元素乘以 $1", multiplies: true},
	{name: "undo", en: "undo the operator on the left", zh: "两边作用反函数", inverts: true, ranged: true},
	{name: "root", en: "undo the power $1", zh: "两边开 $1 次方", inverts: true, ranged: true},
	{name: "transpose", en: "transpose both sides", zh: "两边转置"},
	{name: "vec", en: "stack the columns: vec(A X B) = (Bᵀ ⊗ A) vec(X)", zh: "按列向量化：vec(A X B) = (Bᵀ ⊗ A) vec(X)"},
	{name: "substitute", en: "put in what is known of $p", zh: "代入 $p"},
	{name: "sample-mean", en: "write $1 for the mean of the sample", zh: "记样本均值为 $1"},
	{name: "sample-covariance", en: "write $1 for the covariance matrix of the sample", zh: "记样本方差矩阵为 $1"},
	{name: "sample-moment", en: "write $1 for the mean over the sample", zh: "记样本的平均为 $1"},
	{name: "name", en: "with this notation", zh: "用以上记号"},
	{name: "homogeneous", en: "terms without $1 on the left", zh: "不含 $1 的项移到左边"},
	{name: "eigenvectors", en: "the equation of an eigenvector with eigenvalue $1", zh: "特征方程，特征值为 $1"},
}

func ruleOf(name string) solveRule {
	for _, r := range solveRules {
		if r.name == name {
			return r
		}
	}
	panic("no rule " + name)
}

// solvePhrases are what is said about outcomes; $1, $2 … are put in.
var solvePhrases = map[string]Phrase{
	"inside":                    {"no closed form is known to nabla: $1 stands inside $2", "nabla 不知道闭式解：$1 出现在 $2 之内"},
	"not-affine":                {"no closed form is known to nabla: the equation is not linear in $1", "nabla 不知道闭式解：方程对 $1 不是线性的"},
	"notation":                  {"no closed form is known to nabla: the solution for $1 has no matrix notation", "nabla 不知道闭式解：$1 的解没有矩阵记号"},
	"coupled":                   {"no closed form is known to nabla: the equations cannot be solved one after the other for $1 and the rest", "nabla 不知道闭式解：这些方程不能依次解出 $1 与其余变量"},
	"free":                      {"there is no stationary point: the gradient by $1 does not depend on $1 and is not zero", "没有驻点：对 $1 的梯度与 $1 无关且不为零"},
	"contradiction":             {"there is no stationary point: the constraints contradict one another, for $1 is never zero", "没有驻点：约束互相矛盾，因为 $1 恒不为零"},
	"contradiction-generic":     {"there is no stationary point unless $1 = 0: otherwise the constraints contradict one another", "除非 $1 = 0，否则没有驻点：约束互相矛盾"},
	"dropped":                   {"no closed form is known to nabla: $1 has dropped out of the equation", "nabla 不知道闭式解：$1 已从方程中消去"},
	"redundant":                 {"the equations do not determine $1: what is left of the constraint is 0 = 0; if it follows from the others, leave it out", "方程不能确定 $1：约束只余下 0 = 0；若它可由其余约束推出，请将其去掉"},
	"free-generic":              {"there is no stationary point unless $1 = 0; then every point is one", "除非 $1 = 0，否则没有驻点；若成立则处处是驻点"},
	"positive":                  {"there is no stationary point: the left side is positive everywhere", "没有驻点：左边处处为正"},
	"everywhere":                {"the gradient is zero everywhere: every point is stationary", "梯度恒为零：每一点都是驻点"},
	"dependent":                 {"the equations do not determine $1: what is left of them is 0 = 0", "方程不能确定 $1：余下的是 0 = 0"},
	"not-square":                {"the equation has another number of entries than $1, so that in general it has no solution or several; minimise the squared norm of the difference of its sides instead", "方程的元素个数与 $1 不同，一般或无解或有多解；可改为最小化两边之差的范数平方"},
	"singular":                  {"what would have to be inverted was singular for all data that were tried: a solution, if there is one, is not unique", "对试过的所有数据，需要求逆的矩阵都奇异：即使有解也不唯一"},
	"asymmetric":                {"the value found is symmetric for special data alone: there is no solution among symmetric matrices $1 otherwise", "所得的值仅对特殊数据才对称：否则没有对称的 $1 满足方程"},
	"no-solution":               {"there is no solution: what is left is never zero", "无解：余下的式子恒不为零"},
	"no-solution-if":            {"there is no solution unless $1 = 0", "除非 $1 = 0，否则无解"},
	"unchecked":                 {"no closed form is known to nabla: no data were found at which the candidate has a value", "nabla 不知道闭式解：没有找到使候选点有值的数据"},
	"outside":                   {"no closed form is known to nabla: the only candidate lay outside the domain for all data that were tried", "nabla 不知道闭式解：对试过的所有数据，唯一的候选点都不在定义域内"},
	"invertible":                {"$1 is invertible", "$1 可逆"},
	"nonzero":                   {"$1 ≠ 0", "$1 ≠ 0"},
	"nonzero-entries":           {"$1 ≠ 0 in each entry", "$1 的每个元素都不为 0"},
	"positive-value":            {"$1 > 0", "$1 > 0"},
	"positive-matrix":           {"$1 > 0 in each entry", "$1 的每个元素为正"},
	"posdef-value":              {"$1 is positive definite", "$1 正定"},
	"column-rank":               {"$1 is invertible, which is so where $2 has full column rank", "$1 可逆，即 $2 列满秩"},
	"row-rank":                  {"$1 is invertible, which is so where $2 has full row rank", "$1 可逆，即 $2 行满秩"},
	"invertible-if":             {"$1 is invertible, which is so for $2 > 0", "$1 可逆，当 $2 > 0 时成立"},
	"sylvester":                 {"$1 is invertible: no eigenvalue of the one matrix is the negative of one of the other", "$1 可逆：两个矩阵没有互为相反数的特征值"},
	"otherwise":                 {"if it is not, the normal equations still have solutions, all of them global minima; the one of least norm is $1", "若不可逆，正规方程仍有解，且都是全局最小点；其中范数最小的是 $1"},
	"several":                   {"the opposite sign of the root may give another stationary point", "根取相反符号可能得到另一个驻点"},
	"several-entries":           {"the opposite sign of the root, in any of its entries, may give another stationary point", "根的任一元素取相反符号，可能得到另一个驻点"},
	"several-solutions":         {"the opposite sign of the root may give another solution", "根取相反符号可能得到另一个解"},
	"several-solutions-entries": {"the opposite sign of the root, in any of its entries, may give another solution", "根的任一元素取相反符号，可能得到另一个解"},
	"eigenvectors":              {"the stationary points are the eigenvectors $1 of that equation, scaled to satisfy the constraint; there is no closed form", "驻点是该方程的特征向量 $1（按约束归一）；没有闭式解"},
	"homogeneous":               {"no closed form is known to nabla: $2 has to be such that this equation has solutions $1 other than zero", "nabla 不知道闭式解：$2 须使该方程有非零解 $1"},
	"kind-curved":               {"unknown: the points that satisfy the constraints are not a convex set", "未知：满足约束的点不构成凸集"},
	"run-constrained":           {"run a method for constrained problems, such as sequential quadratic programming or an interior-point method", "可用求解约束问题的方法，例如序列二次规划或内点法"},
	"eigen-extremes":            {"the smallest eigenvalue $1 gives the minimum, the largest the maximum", "最小的特征值 $1 给出最小值，最大的给出最大值"},
	"run-eigen":                 {"run a solver for symmetric eigenvalue problems, such as scipy.linalg.eigh", "可用对称特征值求解器，例如 scipy.linalg.eigh"},
	"run-convex":                {"run Newton's method (for a likelihood: iteratively reweighted least squares) where the Hessian is small, otherwise L-BFGS: the function is convex in $1, so any stationary point they find is a global minimum", "可用牛顿法（Hessian 较小时；对似然即迭代重加权最小二乘）或 L-BFGS：函数对 $1 是凸的，找到的驻点就是全局最小点"},
	"run-concave":               {"run Newton's method or L-BFGS on its negative: the function is concave in $1, so any stationary point they find is a global maximum", "可对其负值用牛顿法或 L-BFGS：函数对 $1 是凹的，找到的驻点就是全局最大点"},
	"kind-traceless":            {"saddle point: the Hessian does not depend on the point and its diagonal blocks are zero, so that it has eigenvalues of both signs", "鞍点：Hessian 与所在点无关且对角块为零，因而有正负两种特征值"},
	"kind-indefinite":           {"saddle point: the Hessian is constant and has eigenvalues of both signs", "鞍点：Hessian 为常数，有正负两种特征值"},
	"kind-local-minimum":        {"local minimum: the second derivative there is $1 > 0", "局部极小点：该处二阶导数 $1 > 0"},
	"kind-local-maximum":        {"local maximum: the second derivative there is $1 < 0", "局部极大点：该处二阶导数 $1 < 0"},
	"kind-neither":              {"unknown: the function is neither convex nor concave in $1", "未知：函数对 $1 既不凸也不凹"},
	"kind-unknown":              {"unknown: it is not known whether the function is convex or concave in $1", "未知：不知道函数对 $1 是否凸或凹"},
	"run-local":                 {"run L-BFGS or gradient descent from several starting points: what they find may be a local minimum only", "可从多个初值运行 L-BFGS 或梯度下降：得到的可能只是局部极小点"},
	"run-kink":                  {"run a proximal gradient or coordinate descent method: the function is convex in $1 but has kinks, where the minimum may lie without the gradient being zero", "可用近端梯度法或坐标下降法：函数对 $1 是凸的，但有不可导点，最小点可能就在那里"},
	"run-root":                  {"run Newton's method on the equation", "可对该方程用牛顿法"},
}

// phrase fills a phrase in.
func phrase(name string, args ...string) Phrase {
	p, ok := solvePhrases[name]
	if !ok {
		panic("no phrase " + name)
	}
	fill := func(s string) string {
		for i, a := range args {
			s = strings.ReplaceAll(s, "$"+string(rune('1'+i)), a)
		}
		return s
	}
	return Phrase{fill(p.En), fill(p.Zh)}
}
