package code

const jaxExact = `def _exact(name, value):
    """The value, unless JAX would round it."""
    if isinstance(value, np.ndarray) and value.dtype == np.float64 and not jax.config.jax_enable_x64:
        raise TypeError(
            f"{name} is float64, which JAX rounds to float32: pass float32, "
            "or call jax.config.update('jax_enable_x64', True) first"
        )
    return value
`

const shardMesh = `@functools.lru_cache(maxsize=None)
def mesh():
    """All devices of all processes in a row."""
    return Mesh(np.array(jax.devices()), ("@axis",))


def _divided(axis):
    """How an array is divided that has the samples along an axis."""
    return NamedSharding(mesh(), PartitionSpec(*[None] * axis, "@axis"))
`

const shardSamples = `@dataclasses.dataclass(frozen=True)
class Samples:
    """Samples along an axis of an array that is divided among the devices.

    After the last sample there are zeros, so that each device has as many rows.
    """

    array: jax.Array
    count: int
    axis: int

    def local(self):
        """The samples of this process, part(count) of all, as an array of NumPy."""
        shards = {s.index[self.axis].start or 0: s.data for s in self.array.addressable_shards}
        joined = np.concatenate([np.asarray(shards[k]) for k in sorted(shards)], axis=self.axis)
        own = part(self.count)
        return joined[(slice(None),) * self.axis + (slice(own.stop - own.start),)]


def part(count):
    """The samples, of count in all, that this process loads, as a slice."""
    rows = -(-count // jax.device_count())  # of each device
    first = jax.process_index() * jax.local_device_count() * rows
    last = first + jax.local_device_count() * rows
    return slice(min(first, count), min(last, count))


def _place(name, value, rank, axis, count):
    """Samples of one argument on the devices."""
    if isinstance(value, Samples):
        if value.count != count:
            raise ValueError(f"{name} has {value.count} samples, others have {count}: all must have @size")
        return value
    value = np.asarray(_exact(name, value))
    if value.ndim != rank:
        what = ("a scalar", "a vector", "a matrix", "a stack of matrices")[rank]
        raise ValueError(f"{name} must be {what}, got an array with {value.ndim} axes")
    own = part(count)
    if value.shape[axis] != own.stop - own.start:
        process, processes = jax.process_index() + 1, jax.process_count()
        want = f"there are {count}: all must have @size"
        if processes > 1:
            want = f"process {process} of {processes} has {own.stop - own.start} of all {count}: see part"
        raise ValueError(f"{name} has {value.shape[axis]} samples, but {want}")
    rows = -(-count // jax.device_count())
    zeros = rows * jax.local_device_count() - value.shape[axis]
    if zeros:
        value = np.pad(value, [(0, zeros if k == axis else 0) for k in range(rank)])
    shape = value.shape[:axis] + (rows * jax.device_count(),) + value.shape[axis + 1 :]
    return Samples(jax.make_array_from_process_local_data(_divided(axis), value, shape), count, axis)


def _host(name, value):
    """An argument that every process has as a whole."""
    if isinstance(value, (jax.Array, int, float)):
        return value
    if isinstance(value, (list, tuple)):
        value = jnp.asarray(value)
    return np.asarray(_exact(name, value))
`

const shardPadded = `def _padded(a, axis):
    """Samples with zeros after the last, so that each device has as many rows."""
    rows = -(-a.shape[axis] // mesh().size)
    return jnp.pad(a, [(0, rows * mesh().size - n if k == axis else 0) for k, n in enumerate(a.shape)])
`
