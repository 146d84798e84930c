function [value, grad_w] = least_squares(X, w, y)
%LEAST_SQUARES  [value, grad_w] = least_squares(X, w, y)
%   f = ‖X w − y‖²
%
%   ∂f/∂w = 2 Xᵀ(X w − y)
%   vector(n), denominator layout: df = (∂f/∂w)ᵀ dw
  argument(X, 'X', 'a matrix');
  argument(w, 'w', 'a column vector');
  argument(y, 'y', 'a column vector');
  [m, n] = size(X);
  if numel(w) ~= n
    error('nabla:size', 'w has %d entries, but X has %d columns: both must be n', numel(w), n);
  end
  if numel(y) ~= m
    error('nabla:size', 'y has %d entries, but X has %d rows: both must be m', numel(y), m);
  end
  t1 = X * w - y;
  value = t1' * t1;
  if nargout < 2
    return
  end
  grad_w = 2 * (X' * t1);
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
