function worst = least_squares_check(X, w, y, trials, tolerance)
%LEAST_SQUARES_CHECK  worst = least_squares_check(X, w, y, trials, tolerance)
%   Compares the derivatives with central differences in random directions: 3 trials
%   and a tolerance of 1e-5 unless given.
%   Returns the largest relative deviation; raises an error above the tolerance.
  if nargin < 4
    trials = 3;
  end
  if nargin < 5
    tolerance = 1e-5;
  end
  X = double(X);
  w = double(w);
  y = double(y);
  worst = 0;
  for trial = 1:trials
    d_w = randn(size(w));
    [~, grad_w] = least_squares(X, w, y);
    step = 1e-6 * (1 + max([0; abs(w(:))]));
    difference = (base1(X, w + step * d_w, y) - base1(X, w - step * d_w, y)) / (2 * step);
    worst = max(worst, deviation(along2(grad_w, d_w), difference));
  end
  if ~(worst <= tolerance)
    error('nabla:check', 'the derivatives deviate from differences by %.1e', worst);
  end
end

function value = base1(X, w, y)
  t1 = X * w - y;
  value = t1' * t1;
end

function value = along2(result, direction)
  value = result' * direction;
end

function d = deviation(got, want)
% Largest difference relative to the largest entry.
  if ~isequal(size(got), size(want))
    error('nabla:check', 'a derivative has size %s where differences have %s', mat2str(size(got)), mat2str(size(want)));
  end
  d = max([0; abs(got(:) - want(:))]) / (1 + max([0; abs(want(:))]));
  if any(isnan(got(:) - want(:)))
    d = Inf;
  end
end
