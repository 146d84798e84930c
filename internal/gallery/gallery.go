// Package gallery has the examples of the page: programs by topic, with what there is to
// learn from each, in English and Chinese. List returns them; it is data without an
// engine, so that server, command line and browser share it.
package gallery

import "slices"

// Words are the same words in two languages.
type Words struct {
	En string `json:"en"`
	Zh string `json:"zh"`
}

// A Topic is a group of examples.
type Topic struct {
	ID    string `json:"id"`
	Title Words  `json:"title"`
}

// An Example is a program and what is asked of it. The fields from Expr to Structured are
// those of a request, by the same names in JSON.
type Example struct {
	ID    string `json:"id"` // in kebab-case; unique, and stable since links name it
	Topic string `json:"topic"`
	Title Words  `json:"title"` // unique in each language
	About Words  `json:"about"` // what there is to learn, in a sentence or two

	Expr       string   `json:"expr"`
	Wrt        []string `json:"wrt"`
	Order      int      `json:"order,omitempty"` // 0 means 1
	Mixed      bool     `json:"mixed,omitempty"`
	Layout     string   `json:"layout,omitempty"` // "" means denominator
	Vec        string   `json:"vec,omitempty"`    // "" means columns
	Structured bool     `json:"structured,omitempty"`

	// LaTeX is the last line of the program as people write it in LaTeX; "" where the
	// language says it better.
	LaTeX string `json:"latex,omitempty"`
	// Solve says that the stationary point has a closed form, given SubjectTo.
	Solve     bool     `json:"solve,omitempty"`
	SubjectTo []string `json:"subject_to,omitempty"`
	// Source names where the formula is from; "" for what stands in every textbook.
	Source string `json:"source,omitempty"`
}

// topics are in the order in which the page shows them.
var topics = []Topic{
	{"basics", Words{"Worked examples", "基本例题"}},
	{"regression", Words{"Regression", "回归"}},
	{"classification", Words{"Classification", "分类"}},
	{"networks", Words{"Neural networks", "神经网络"}},
	{"statistics", Words{"Statistics", "统计"}},
	{"factorisation", Words{"Factorisation and embeddings", "矩阵分解与嵌入"}},
	{"kernels", Words{"Kernels and Gaussian processes", "核方法与高斯过程"}},
	{"optimisation", Words{"Optimisation", "最优化"}},
	{"engineering", Words{"Signals and control", "信号与控制"}},
	{"functions", Words{"Matrix functions", "矩阵函数"}},
	{"kronecker", Words{"Kronecker products and vec", "Kronecker 积与向量化"}},
	{"second", Words{"Second derivatives", "二阶导数"}},
	{"structured", Words{"Structured matrices", "结构化矩阵"}},
	{"batches", Words{"Sums over samples", "样本求和与批量"}},
}

// List returns the topics and, topic by topic, the examples. The caller may change what
// it gets.
func List() ([]Topic, []Example) {
	var all []Example
	for _, list := range [][]Example{
		basics, regression, classification, networks, statistics, factorisation, kernels,
		optimisation, engineering, functions, kronecker, second, structured, batches,
	} {
		for _, e := range list {
			e.Wrt, e.SubjectTo = slices.Clone(e.Wrt), slices.Clone(e.SubjectTo)
			all = append(all, e)
		}
	}
	return slices.Clone(topics), all
}

// by lists the variables to differentiate by.
func by(names ...string) []string { return names }
