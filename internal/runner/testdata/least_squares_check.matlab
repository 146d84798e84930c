function err = least_squares_check(X, w, y)
  h = 1e-6;
  [~, g] = least_squares(X, w, y);
  v = cos((0:numel(w) - 1)');
  slope = (least_squares(X, w + h * v, y) - least_squares(X, w - h * v, y)) / (2 * h);
  err = abs(g' * v - slope) / max(1, abs(slope));
  if ~(err < 1e-6)
    error('the gradient is off by %.2g', err);
  end
end
