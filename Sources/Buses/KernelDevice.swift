/// One of the kernel's lists of devices that measure.
public enum KernelSubsystem: String, Hashable, Sendable, CaseIterable {
  /// Hardware monitoring: temperatures, supplies, fans.
  case hwmon
  /// Industrial I/O: sensors and converters.
  case iio
}

/// A device of a kernel driver, by its name and not by its number, which changes between starts.
public struct KernelDeviceName: Hashable, Sendable, CustomStringConvertible {
  /// The list in which the device is.
  public let subsystem: KernelSubsystem
  /// What the device's attribute `name` says, for example `bme280`.
  public let name: String
  /// The name of the device above it, for example `1-0076` for address 0x76 on the second I2C bus;
  /// nil where the name is enough.
  public let parent: String?

  /// A device by its parts.
  public init(_ subsystem: KernelSubsystem, name: String, parent: String? = nil) {
    self.subsystem = subsystem
    self.name = name
    self.parent = parent
  }

  /// The device that a text such as `bme280` or `bme280@1-0076` names; nil where a part is empty or
  /// could be a path.
  public init?(_ subsystem: KernelSubsystem, parsing text: String) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    guard
      parts.allSatisfy({ part in
        !part.isEmpty && part.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "/") }
      })
    else { return nil }
    self.init(
      subsystem, name: String(parts[0]), parent: parts.count > 1 ? String(parts[1]) : nil)
  }

  /// The text that names it in a board file.
  public var text: String { parent.map { "\(name)@\($0)" } ?? name }

  /// The list and the text, for example `iio device 'bme280@1-0076'`.
  public var description: String { "\(subsystem.rawValue) device '\(text)'" }
}

/// Why an attribute of a kernel's device could not be read.
public struct KernelDeviceFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// What a caller can act on.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// No device has the name.
    case noSuchDevice = "no such device"
    /// The name is that of several.
    case ambiguous = "several have the name"
    /// The device was there and is not any more, as when its driver was unloaded.
    case deviceGone = "device gone"
    /// The device has no such attribute.
    case noSuchAttribute = "no such attribute"
    /// The driver has nothing to say, as for a channel that is switched off.
    case noData = "no data"
    /// The chip did not answer the driver.
    case noAnswer = "the chip does not answer its driver"
    /// Somebody else has the device, as one who fills a buffer from it.
    case busy = "device is busy"
    /// The driver waited for the chip in vain.
    case timeout = "timeout"
    /// There are no such devices here.
    case unsupported = "not supported"
    /// Anything else; the detail says what.
    case other = "failure"
  }

  /// What happened, for programs.
  public let kind: Kind
  /// What happened in the system's words, or empty.
  public let detail: String

  /// A failure of one kind, with the system's own words.
  public init(_ kind: Kind, detail: String = "") {
    self.kind = kind
    self.detail = detail
  }

  /// What happened, for people.
  public var description: String {
    detail.isEmpty ? kind.rawValue : "\(kind.rawValue) (\(detail))"
  }
}

/// A device of a kernel driver: attributes with names, each a short text.
///
/// A read may block its thread for as long as the chip needs to measure.
public protocol KernelDevice: ~Copyable {
  /// The names of all attributes, in any order.
  mutating func attributes() throws(KernelDeviceFailure) -> [String]

  /// The text of an attribute without its line end; `noSuchAttribute` where there is none.
  mutating func attribute(_ name: String) throws(KernelDeviceFailure) -> String
}

extension KernelDevice where Self: ~Copyable {
  /// The text of an attribute, or nil where the device does not have it.
  public mutating func attributeIfPresent(
    _ name: String
  ) throws(KernelDeviceFailure) -> String? {
    do throws(KernelDeviceFailure) {
      return try attribute(name)
    } catch {
      guard error.kind == .noSuchAttribute else { throw error }
      return nil
    }
  }
}
