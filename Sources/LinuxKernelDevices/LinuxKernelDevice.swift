public import Buses
import Glibc

/// A device of a kernel driver: its directory in sysfs, open as long as the value lives.
///
/// The directory is held open and attributes are opened below it, so a device that was taken away
/// stays away (`deviceGone`), though another one may have got its number and path meanwhile. A read
/// blocks its thread until the driver is done with the chip; nothing is retried.
///
/// Sources: the kernel's Documentation/ABI/testing/sysfs-class-hwmon and sysfs-bus-iio (directories
/// and `name`), Documentation/filesystems/sysfs.rst (one value a file, at most a page).
public struct LinuxKernelDevice: KernelDevice, ~Copyable, Sendable {
  /// What one attribute can have at most, a page.
  private static let pageByteCount = 4096

  private let descriptor: Int32

  /// Finds a device by its name below the root of sysfs and opens it.
  ///
  /// Throws `noSuchDevice` with the names that there are, and `ambiguous` with what to write where
  /// several devices have the name.
  public init(
    opening name: KernelDeviceName, below root: String = "/sys"
  ) throws(KernelDeviceFailure) {
    descriptor = try Self.openedDirectory(of: name, below: root)
  }

  deinit {
    close(descriptor)
  }

  private static func openedDirectory(
    of name: KernelDeviceName, below root: String
  ) throws(KernelDeviceFailure) -> Int32 {
    let all = devices(of: name.subsystem, below: root)
    let found = all.filter {
      $0.name.name == name.name && (name.parent == nil || $0.name.parent == name.parent)
    }
    guard let device = found.first else {
      throw KernelDeviceFailure(.noSuchDevice, detail: knownNames(all, name.subsystem))
    }
    guard found.count == 1 else {
      let texts = found.map { "'\($0.name.text)'" }.joined(separator: " or ")
      throw KernelDeviceFailure(.ambiguous, detail: "write \(texts)")
    }
    let opened = open(device.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard opened >= 0 else {
      throw KernelDeviceFailure(.noSuchDevice, detail: "it went away while it was opened")
    }
    // The number may have been given to another device since it was looked at.
    guard (try? attribute("name", in: opened)) == name.name else {
      close(opened)
      throw KernelDeviceFailure(.noSuchDevice, detail: "another device took its number")
    }
    return opened
  }

  private static func knownNames(_ all: [Listed], _ subsystem: KernelSubsystem) -> String {
    guard !all.isEmpty else {
      return "there is no \(subsystem.rawValue) device; is the chip's kernel driver loaded?"
    }
    return "there is " + all.map(\.name.text).joined(separator: ", ")
  }

  /// The names of all attributes.
  public func attributes() throws(KernelDeviceFailure) -> [String] {
    let names = DirectoryNames.names(in: descriptor)
    guard !names.isEmpty else { throw KernelDeviceFailure(.deviceGone) }
    return names
  }

  /// The text of an attribute, without blanks and line ends around it.
  public func attribute(_ name: String) throws(KernelDeviceFailure) -> String {
    try Self.attribute(name, in: descriptor)
  }

  private static func attribute(
    _ name: String, in descriptor: Int32
  ) throws(KernelDeviceFailure) -> String {
    guard !name.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == 0 }) else {
      throw KernelDeviceFailure(.noSuchAttribute, detail: name)
    }
    let file = openat(descriptor, name, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      let code = errno
      guard code == ENOENT || code == ENOTDIR else {
        throw KernelDeviceFailure(errno: code, reading: name)
      }
      // Every device has a name as long as it is there.
      guard faccessat(descriptor, "name", F_OK, 0) == 0 else {
        throw KernelDeviceFailure(.deviceGone)
      }
      throw KernelDeviceFailure(.noSuchAttribute, detail: name)
    }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: pageByteCount)
    while bytes.count <= pageByteCount {
      let count = read(file, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw KernelDeviceFailure(errno: errno, reading: name) }
      if count == 0 { break }
      bytes.append(contentsOf: chunk[..<count])
    }
    return trimmed(String(decoding: bytes, as: UTF8.self))
  }

  static func trimmed(_ text: String) -> String {
    let start = text.drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...last])
  }
}
