function [value, grad_A] = likelihood(A, x, beta, s)
%LIKELIHOOD  [value, grad_A] = likelihood(A, x, beta, s)
  argument(A, 'A', 'a matrix');
  argument(x, 'x', 'a matrix');
  argument(beta, 'beta', 'a column vector');
  argument(s, 's', 'a scalar');
  n = size(A, 1);
  N = size(x, 1);
  if size(A, 2) ~= n
    error('nabla:size', 'A has %d columns and %d rows: both must be n', size(A, 2), n);
  end
  if size(x, 2) ~= n
    error('nabla:size', 'x[i] has %d entries, but A has %d rows: both must be n', size(x, 2), n);
  end
  if numel(beta) ~= n
    error('nabla:size', 'beta has %d entries, but A has %d rows: both must be n', numel(beta), n);
  end
  [L, U, p] = lu(A, 'vector');
  t1 = 0;
  for i = 1:N
    t2 = x(i, :)';
    t1 = t1 + x(i, :) * (U \ (L \ t2(p)));
  end
  t3(p, 1) = L' \ (U' \ beta);
  value = logdet(U, p) + t1 + beta' * t3 + s * (beta' * beta);
  if nargout < 2
    return
  end
  grad_A(p, :) = L' \ (U' \ eye(n, class(A)));
end

function argument(x, name, what)
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

function y = logdet(U, p)
% log of the determinant of A with A(p, :) = L * U, NaN where that is not positive.
  d = diag(U);
  y = sum(log(abs(d)));
  if ~(permutation_sign(p) * prod(sign(d)) > 0)
    y = cast(NaN, class(y));
  end
end

function s = permutation_sign(p)
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
