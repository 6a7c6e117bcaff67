public import Buses
import CI2C

/// An I2C bus behind a device node of Linux's i2c-dev, for example `/dev/i2c-1`.
///
/// The bus is this program's alone while it is open: a second opening fails with `busy`. An
/// exchange blocks its thread until the adapter is done or its time limit is over; nothing is
/// retried. An adapter with plain I2C makes each exchange as one `I2C_RDWR` call; one without, such
/// as the kernel's i2c-stub, makes it as the SMBus call that looks the same on the wire, and
/// refuses shapes that SMBus does not have. The descriptor closes with the value.
///
/// Sources: the kernel's Documentation/i2c/dev-interface.rst and linux/i2c-dev.h.
public struct LinuxI2CBus: I2CBus, ~Copyable, Sendable {
  let file: DeviceFile
  let functions: AdapterFunctions
  /// The adapter's number, which sysfs names it by.
  let number: Int

  /// Opens the adapter at a path and sets how long one exchange may take.
  ///
  /// `limit` is rounded up to 10 ms; the kernel keeps one limit for all users of the adapter.
  /// Throws `deviceGone` where nothing is at the path, `unsupported` where something else than an
  /// adapter is, and `busy` where another program holds it.
  public init(
    opening path: String, limit: Duration = .milliseconds(500)
  ) throws(I2CFailure) {
    let file = try DeviceFile(opening: path)
    let node = try file.node()
    guard node.is_character_device != 0 else {
      throw I2CFailure(
        .unsupported, detail: "\(path) is not an I2C adapter; write for example /dev/i2c-1")
    }
    var bits: UInt64 = 0
    var result = cairn_i2c_functions(file.descriptor, &bits)
    guard result == 0 else {
      let failure = I2CFailure(errno: -result)
      throw I2CFailure(failure.kind, detail: "\(path): \(failure.detail)")
    }
    result = cairn_i2c_limit(file.descriptor, Self.tenMilliseconds(limit), 0)
    guard result == 0 else {
      let failure = I2CFailure(errno: -result)
      throw I2CFailure(failure.kind, detail: "\(path) takes no time limit: \(failure.detail)")
    }
    functions = AdapterFunctions(rawValue: bits)
    // i2c-dev numbers its nodes as the kernel numbers the adapters; the path may be a link.
    number = Int(node.device_minor)
    self.file = file
  }

  /// A time limit in the unit of `I2C_TIMEOUT`, rounded up, from one to a minute's worth.
  static func tenMilliseconds(_ limit: Duration) -> UInt {
    let bounded = min(max(limit, .milliseconds(10)), .seconds(60))
    let (seconds, attoseconds) = bounded.components
    let step: Int64 = 10_000_000_000_000_000
    return UInt(seconds * 100 + (attoseconds + step - 1) / step)
  }

  /// Makes one exchange with a device.
  @_lifetime(buffer: copy buffer)
  public mutating func transfer(
    to address: I2CAddress, writing bytes: Span<UInt8>, reading buffer: inout MutableSpan<UInt8>
  ) throws(I2CFailure) {
    // Also for I2C_RDWR, which by itself would talk over a kernel driver's head.
    let result = cairn_i2c_select(file.descriptor, address.rawValue)
    guard result == 0 else { throw selectionFailure(-result, address) }
    if functions.contains(.i2c) {
      try exchange(with: address, writing: bytes, reading: &buffer)
    } else {
      let written = (0..<bytes.count).map { bytes[$0] }
      let plan = try SMBusPlan(
        writing: written, readCount: buffer.count, functions: functions)
      try perform(plan, reading: &buffer)
    }
  }

  @_lifetime(buffer: copy buffer)
  private func exchange(
    with address: I2CAddress, writing bytes: Span<UInt8>, reading buffer: inout MutableSpan<UInt8>
  ) throws(I2CFailure) {
    let descriptor = file.descriptor
    let result: Int32
    if bytes.isEmpty && buffer.isEmpty && !functions.contains(.smbusQuick) {
      // Adapters that cannot send an address alone do not offer quick; see LinuxI2CBus.probe.
      var unused: UInt8 = 0
      result = cairn_i2c_transfer(descriptor, address.rawValue, nil, 0, &unused, 1)
    } else {
      result = bytes.withUnsafeBufferPointer { written in
        buffer.withUnsafeMutableBufferPointer { read in
          cairn_i2c_transfer(
            descriptor, address.rawValue, written.baseAddress, written.count,
            read.baseAddress, read.count)
        }
      }
    }
    guard result == 0 else { throw exchangeFailure(-result) }
  }

  /// The failure of an exchange.
  ///
  /// ENODEV says that the adapter is gone, except from i2c-stub, which returns it for addresses
  /// where it has no chip; the node tells which.
  func exchangeFailure(_ code: Int32) -> I2CFailure {
    let failure = I2CFailure(errno: code)
    if failure.kind == .deviceGone, file.isStillThere() {
      return I2CFailure(.noAcknowledgeOfAddress, detail: failure.detail)
    }
    return failure
  }

  /// The failure of choosing an address: EBUSY says that a kernel driver is bound to it.
  func selectionFailure(_ code: Int32, _ address: I2CAddress) -> I2CFailure {
    let failure = I2CFailure(errno: code)
    guard failure.kind == .busy else { return failure }
    let name = kernelDevice(at: address).map { ", \($0)" } ?? ""
    return I2CFailure(
      .busy,
      detail: "a kernel driver owns \(address)\(name); unbind it, or remove it from the device tree"
    )
  }

  /// The name under which the kernel knows the device at an address, for example `bme280`.
  func kernelDevice(at address: I2CAddress) -> String? {
    SystemText.line(of: Self.sysfsPath(number, address) + "/name")
  }

  /// The kernel's own name of the device at an address, whether it knows one there or not, for
  /// example `1-0076`.
  public func kernelName(of address: I2CAddress) -> String {
    String(Self.sysfsPath(number, address).split(separator: "/").last ?? "")
  }

  /// The device's directory in sysfs: the bus in decimal, the address in four hexadecimal digits.
  static func sysfsPath(_ number: Int, _ address: I2CAddress) -> String {
    let digits = String(address.rawValue, radix: 16)
    let padding = String(repeating: "0", count: 4 - digits.count)
    return "/sys/bus/i2c/devices/\(number)-\(padding)\(digits)"
  }
}
