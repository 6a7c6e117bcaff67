/// An I2C bus that can make one exchange with one device.
///
/// For driver authors: `transfer` is all there is. It either did everything or throws; nothing is
/// retried below it. For authors of buses: on the wire a transfer is one of
///
///     writing only    S addr+W A  w0 A  w1 A … P
///     reading only    S addr+R A  r0 a  r1 a … N P
///     both            S addr+W A  w0 A … Sr addr+R A  r0 a … N P
///
/// S start, Sr repeated start, P stop, A acknowledge by the device, a by the host, N none. With
/// both spans empty the device is only addressed (S addr+W A P), which tells whether it is there.
public protocol I2CBus: ~Copyable {
  /// Writes all of `bytes` to the device at `address`, then fills `buffer` from it.
  ///
  /// Throws `I2CFailure`; the contents of `buffer` mean nothing then.
  @_lifetime(buffer: copy buffer)
  mutating func transfer(
    to address: I2CAddress, writing bytes: Span<UInt8>, reading buffer: inout MutableSpan<UInt8>
  ) throws(I2CFailure)
}

extension I2CBus where Self: ~Copyable {
  /// Writes `bytes` and reads nothing.
  public mutating func write(_ bytes: [UInt8], to address: I2CAddress) throws(I2CFailure) {
    var none: [UInt8] = []
    var span = none.mutableSpan
    try transfer(to: address, writing: bytes.span, reading: &span)
  }

  /// Reads `count` bytes after writing `bytes` (often a register's number), as one exchange.
  public mutating func read(
    _ count: Int, after bytes: [UInt8] = [], from address: I2CAddress
  ) throws(I2CFailure) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: count)
    var span = buffer.mutableSpan
    try transfer(to: address, writing: bytes.span, reading: &span)
    return buffer
  }
}
