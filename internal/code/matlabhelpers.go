package code

// Functions that MATLAB source needs beside its own.

const mArgument = `function argument(x, name, what)
% Raises an error where x is not what it must be: a scalar, a column vector, a matrix or
% a stack of matrices, of real numbers.
  if isfloat(x) && ~isreal(x)
    error('nabla:type', '%s must be real, got complex numbers', name);
  end
  if ~isfloat(x)
    error('nabla:type', '%s must be real and of class double or single, got class %s', name, class(x));
  end
  switch what
    case 'a scalar'
      fits = isscalar(x);
    case 'a column vector'
      fits = ndims(x) == 2 && size(x, 2) == 1;
    case 'a matrix'
      fits = ndims(x) == 2;
    otherwise
      fits = ndims(x) <= 3;
  end
  if ~fits
    error('nabla:size', '%s must be %s, got size %s', name, what, mat2str(size(x)));
  end
end
`

const mSigmoid = `function y = sigmoid(x)
% 1 / (1 + exp(-x)) without overflow.
  z = exp(-abs(x));
  y = ((x >= 0) + (x < 0) .* z) ./ (1 + z);
end
`

const mSoftplus = `function y = softplus(x)
% log(1 + exp(x)) without overflow.
  y = max(x, 0) + log1p(exp(-abs(x)));
end
`

const mSoftmax = `function y = softmax(x, dim)
% exp(x) over its sum along a dimension, without overflow.
  z = exp(x - max(x, [], dim));
  y = z ./ sum(z, dim);
end
`

const mLogSumExp = `function y = logsumexp(x, dim)
% log of the sum of exp(x) along a dimension, without overflow.
  top = max(x, [], dim);
  y = top + log(sum(exp(x - top), dim));
end
`

const mLogDet = `function y = logdet(U, p)
% log of the determinant of A with A(p, :) = L * U, NaN where that is not positive.
  d = diag(U);
  y = sum(log(abs(d)));
  if ~(permutation_sign(p) * prod(sign(d)) > 0)
    y = cast(NaN, class(y));
  end
end
`

const mPermutationSign = `function s = permutation_sign(p)
% 1 for an even permutation, -1 for an odd one.
  s = 1;
  for k = 1:numel(p)
    while p(k) ~= k
      j = p(k);
      p([j, k]) = p([k, j]);
      s = -s;
    end
  end
end
`

const mKhatriRao = `function y = khatri_rao(a, b)
% Columns kron(a(:, j), b(:, j)).
  n = size(a, 2);
  y = reshape(reshape(b, [], 1, n) .* reshape(a, 1, [], n), [], n);
end
`

const mKronApply = `function y = kron_apply(a, b, x)
% kron(a, b) * x without the Kronecker product; [] is an identity matrix.
  k = size(x, 2);
  y = x;
  if ~isempty(b)
    y = reshape(b * reshape(y, size(b, 2), []), [], k);
  end
  if ~isempty(a)
    q = size(y, 1) / size(a, 2);
    y = a * reshape(permute(reshape(y, q, [], k), [2, 1, 3]), size(a, 2), []);
    y = reshape(permute(reshape(y, [], q, k), [2, 1, 3]), [], k);
  end
end
`

const mCommute = `function y = commute(p, q, x)
% The rows of x in the order in which vec(A') has the entries of vec(A), A being p x q.
  y = x(reshape(reshape(1:p * q, p, q)', [], 1), :);
end
`

const mCommutation = `function K = commutation(p, q, type)
% The matrix with K * vec(A) = vec(A') for A of size p x q.
  if nargin < 3
    type = 'double';
  end
  K = eye(p * q, type);
  K = K(reshape(reshape(1:p * q, p, q)', [], 1), :);
end
`

const mContract = `function y = contract(arrays, indices, result)
% The sum of the products of arrays over the indices that are not in result; axis a of
% arrays{k} has the index indices{k}(a).
  total = max([indices{:}, 2]);
  y = 1;
  for k = 1:numel(arrays)
    own = indices{k};
    order = zeros(1, total);
    order(own) = 1:numel(own);
    order(order == 0) = numel(own) + 1:total;
    y = y .* permute(arrays{k}, order);
    for i = setdiff(own, [indices{k + 1:end}, result])
      y = sum(y, i);
    end
  end
  y = permute(y, [result, setdiff(1:total, result)]);
end
`

const mDeviation = `function d = deviation(got, want)
% Largest difference relative to the largest entry.
  if ~isequal(size(got), size(want))
    error('nabla:check', 'a derivative has size %s where differences have %s', mat2str(size(got)), mat2str(size(want)));
  end
  d = max([0; abs(got(:) - want(:))]) / (1 + max([0; abs(want(:))]));
  if any(isnan(got(:) - want(:)))
    d = Inf;
  end
end
`
