function [s, row, A, u, K] = kinds(a, n, v, M, L, f)
  s = a + n + sum(f(v));
  row = v' * M;
  A = a * M;
  u = f(v);
  K = a * L + n;
end
