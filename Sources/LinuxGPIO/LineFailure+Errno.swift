import Buses
import Glibc

extension LineFailure {
  /// The names of the errnos that GPIO calls return.
  private static let names: [Int32: String] = [
    EACCES: "EACCES", EBUSY: "EBUSY", EINVAL: "EINVAL", EIO: "EIO", EMFILE: "EMFILE",
    ENODEV: "ENODEV", ENOENT: "ENOENT", ENOMEM: "ENOMEM", ENOTTY: "ENOTTY", ENXIO: "ENXIO",
    EOPNOTSUPP: "EOPNOTSUPP", EPERM: "EPERM", EPROBE_DEFER: "EPROBE_DEFER",
  ]
  /// The kernel's own errno for a driver that is not there yet; glibc has no name for it.
  private static let EPROBE_DEFER: Int32 = 517

  private static func name(_ code: Int32) -> String { names[code] ?? "errno \(code)" }

  /// The failure that an errno stands for when a line in use returned it.
  init(errno code: Int32, using line: String) {
    let kind: Kind =
      switch code {
      case ENODEV, EBADF: .deviceGone
      case EOPNOTSUPP: .unsupported
      default: .other
      }
    self.init(kind, detail: "\(line): \(Self.name(code))")
  }

  /// The failure that an errno stands for when requesting a line returned it.
  ///
  /// ENXIO and EOPNOTSUPP come from chips without interrupts or without pulls; EINVAL also from
  /// kernels older than 5.5 where a pull is asked for.
  init(errno code: Int32, requesting line: String, heldBy consumer: String?) {
    switch code {
    case EBUSY:
      let holder = consumer.map { "'\($0)'" } ?? "another program or the kernel"
      self.init(.busy, detail: "\(line) is held by \(holder)")
    case EOPNOTSUPP, ENXIO, ENOTTY:
      self.init(
        .unsupported,
        detail: "\(line) cannot be had with these edges and this bias: "
          + Self.name(code))
    case EINVAL:
      self.init(
        .unsupported,
        detail: "the chip or the kernel refuses the bias, edges or direction of \(line): EINVAL")
    case ENODEV:
      self.init(.deviceGone, detail: "\(line): \(Self.name(code))")
    default:
      self.init(.other, detail: "\(line) cannot be requested: \(Self.name(code))")
    }
  }

  /// The failure that an errno stands for when opening a chip returned it.
  init(errno code: Int32, openingChipAt path: String) {
    switch code {
    case ENOENT, ENODEV, ENXIO, ENOTTY:
      let reason = code == ENOENT ? "\(path) does not exist" : "\(path) is not a GPIO chip"
      self.init(.noSuchLine, detail: "\(reason); \(GPIOChip.survey().text)")
    case EACCES, EPERM:
      self.init(
        .other,
        detail: "no permission to open \(path); "
          + "make the user a member of the group that owns it, often gpio")
    default:
      self.init(.other, detail: "\(path) cannot be opened: \(Self.name(code))")
    }
  }
}
