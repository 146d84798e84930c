% Runs generated source for MATLAB in GNU Octave: driver.m DIR FIRST LAST RESULTS.
% The files are described in protocol.go.
1;

function say(fid, kind, text)
  text = strrep(strrep(text, '\', '\\'), sprintf('\n'), '\n');
  fprintf(fid, '%s %s\n', kind, text);
  fflush(fid);
end

function f = make_function(c)
  f = @(t) c(1) * sin(c(2) * t + c(3)) + c(4) * exp(c(5) * t);
end

function points = read_args(path, single_precision)
  words = strsplit(strtrim(fileread(path)), {' ', sprintf('\n')});
  count = str2double(words(1:2));
  at = 3;
  points = cell(1, count(1));
  for p = 1:count(1)
    args = cell(1, count(2));
    for k = 1:count(2)
      kind = words{at};
      dims = find('VML' == kind);
      if isempty(dims)
        dims = 0;
      end
      shape = str2double(words(at + 1:at + dims));
      n = prod(shape);
      if kind == 'F'
        n = 5;
      end
      at = at + 1 + dims;
      x = str2double(words(at:at + n - 1));
      at = at + n;
      if kind == 'F'
        args{k} = make_function(x);
        continue
      end
      if kind == 'V'
        x = x(:);
      elseif kind == 'M'
        x = reshape(x, shape(2), shape(1)).';
      elseif kind == 'L'
        x = permute(reshape(x, shape(3), shape(2), shape(1)), [2 1 3]);
      end
      if single_precision && kind ~= 'I'
        x = single(x);
      end
      args{k} = x;
    end
    points{p} = args;
  end
end

function write_value(fid, v)
  if ~isnumeric(v) || ~isreal(v)
    error('a result of type %s', class(v));
  end
  type = class(v);
  if strcmp(type, 'double')
    type = 'float64';
  elseif strcmp(type, 'single')
    type = 'float32';
  end
  shape = size(v);
  if numel(shape) == 3
    shape = shape([3 1 2]);
    v = permute(v, [2 1 3]);
  else
    v = v.';
  end
  say(fid, 'V', [type sprintf(' %d', numel(shape), shape) sprintf(' %.17g', v)]);
end

function run_job(fid, path)
  % What a check draws does not depend on other jobs.
  rand('twister', 1);
  randn('twister', 1);
  words = strsplit(strtrim(fileread([path '/job'])), ' ');
  name = words{1};
  results = str2double(words{2});
  check = words{3} == '1';
  points = read_args([path '/args'], words{4} == '1');
  addpath(path);
  try
    for p = 1:numel(points)
      args = points{p};
      say(fid, 'P', '');
      try
        got = cell(1, results);
        [got{:}] = feval(name, args{:});
        for k = 1:results
          write_value(fid, got{k});
        end
      catch e
        if strncmp(e.message, 'parse error', 11)
          say(fid, 'E', e.message);
          break
        end
        say(fid, 'X', e.message);
      end
      if check
        try
          x = feval([name '_check'], args{:});
          say(fid, 'C', sprintf('%.17g', x));
        catch e
          say(fid, 'Y', e.message);
        end
      end
    end
  catch e
    say(fid, 'E', e.message);
  end
  rmpath(path);
  clear('-f', name, [name '_check']);
end

warning('off', 'all');
given = argv();
fid = fopen(given{end}, 'a');
for k = str2double(given{end - 2}):str2double(given{end - 1})
  say(fid, 'J', sprintf('%d', k));
  run_job(fid, sprintf('%s/%d', given{end - 3}, k));
  say(fid, 'D', '');
end
fclose(fid);
