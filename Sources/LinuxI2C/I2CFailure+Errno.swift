import Buses
import Glibc

extension I2CFailure {
  /// What adapters mean by an errno: the kernel's Documentation/i2c/fault-codes.rst.
  ///
  /// EREMOTEIO is not in that list, but it is what many adapters, the Raspberry Pi's among them,
  /// return for an acknowledge that did not come; the shim returns it too where an adapter stops in
  /// the middle of an exchange without an errno, as virtio's does. EMSGSIZE is the shim's own for an exchange that
  /// is too long, and ENOTTY is what other files than adapters return.
  private static let meanings: [Int32: (kind: Kind, name: String, phrase: String)] = [
    ENXIO: (.noAcknowledgeOfAddress, "ENXIO", ""),
    EREMOTEIO: (.noAcknowledge, "EREMOTEIO", ""),
    EAGAIN: (.arbitrationLost, "EAGAIN", ""),
    ETIMEDOUT: (.timeout, "ETIMEDOUT", ""),
    EBUSY: (.busy, "EBUSY", "the bus stays busy"),
    ENODEV: (.deviceGone, "ENODEV", ""),
    ENOENT: (.deviceGone, "ENOENT", ""),
    EBADF: (.deviceGone, "EBADF", ""),
    ESHUTDOWN: (.deviceGone, "ESHUTDOWN", "the adapter is suspended"),
    EOPNOTSUPP: (.unsupported, "EOPNOTSUPP", ""),
    EMSGSIZE: (.unsupported, "EMSGSIZE", "the exchange is too long"),
    ENOTTY: (.unsupported, "ENOTTY", "not an I2C adapter"),
    EINVAL: (.other, "EINVAL", "the adapter refuses the exchange"),
    EIO: (.other, "EIO", "input or output error"),
    EPROTO: (.other, "EPROTO", "the device does not follow the protocol"),
    EBADMSG: (.other, "EBADMSG", "packet error check"),
    ENOMEM: (.other, "ENOMEM", "out of memory"),
    EINTR: (.other, "EINTR", "interrupted by a signal"),
    EACCES: (.other, "EACCES", "permission denied"),
    EPERM: (.other, "EPERM", "not permitted"),
  ]

  /// The failure that an errno stands for when an exchange returned it.
  init(errno code: Int32) {
    guard let meaning = Self.meanings[code] else {
      self.init(.other, detail: "errno \(code)")
      return
    }
    let phrase = meaning.phrase.isEmpty ? "" : ", \(meaning.phrase)"
    self.init(meaning.kind, detail: meaning.name + phrase)
  }

  /// The failure that an errno stands for when opening a device node returned it.
  init(errno code: Int32, opening path: String) {
    switch code {
    case ENOENT, ENODEV, ENXIO:
      self.init(.deviceGone, detail: "\(path) does not exist")
    case EACCES, EPERM:
      self.init(
        .other,
        detail: "no permission to open \(path); "
          + "make the user a member of the group that owns it, often i2c")
    case EISDIR:
      self.init(.unsupported, detail: "\(path) is a directory, not an I2C adapter")
    default:
      let failure = I2CFailure(errno: code)
      self.init(failure.kind, detail: "\(path) cannot be opened: \(failure.detail)")
    }
  }
}
