import Buses
import Glibc

extension KernelDeviceFailure {
  /// What drivers mean by an errno that a read of an attribute returned.
  ///
  /// Sources: the kernel's Documentation/ABI/testing/sysfs-class-hwmon (ENODATA), sysfs itself
  /// (ENODEV, for an attribute whose device goes away), drivers/iio/industrialio-core.c (EBUSY, while
  /// a buffer is filled), Documentation/i2c/fault-codes.rst for what comes from a bus.
  private static let meanings: [Int32: (kind: Kind, name: String)] = [
    ENODEV: (.deviceGone, "ENODEV"),
    ESHUTDOWN: (.deviceGone, "ESHUTDOWN"),
    ENODATA: (.noData, "ENODATA"),
    EAGAIN: (.noData, "EAGAIN"),
    EBUSY: (.busy, "EBUSY"),
    ETIMEDOUT: (.timeout, "ETIMEDOUT"),
    ENXIO: (.noAnswer, "ENXIO"),
    EREMOTEIO: (.noAnswer, "EREMOTEIO"),
    EIO: (.other, "EIO, input or output error"),
    EINVAL: (.other, "EINVAL, the driver refuses"),
    EACCES: (.other, "permission denied"),
    EPERM: (.other, "not permitted"),
  ]

  /// The failure that an errno stands for when reading an attribute returned it.
  init(errno code: Int32, reading attribute: String) {
    let meaning = Self.meanings[code] ?? (.other, "errno \(code)")
    self.init(meaning.kind, detail: "\(attribute): \(meaning.name)")
  }
}
