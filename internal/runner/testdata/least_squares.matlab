function [f, g] = least_squares(X, w, y)
%LEAST_SQUARES  The value of |X w - y|^2 and its gradient 2 X'(X w - y).
  if ~isequal(size(X), [numel(y), numel(w)])
    error('X is %d x %d, but y has %d entries and w %d', size(X, 1), size(X, 2), numel(y), numel(w));
  end
  r = residual(X, w, y);
  f = r' * r;
  g = 2 * (X' * r);
end

function r = residual(X, w, y)
  r = X * w - y;
end
