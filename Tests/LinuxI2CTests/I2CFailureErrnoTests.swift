import Buses
import Testing

@testable import LinuxI2C

/// Numbers of asm-generic/errno.h with the meaning of Documentation/i2c/fault-codes.rst.
private let meanings: [(code: Int32, name: String, kind: I2CFailure.Kind)] = [
  (6, "ENXIO", .noAcknowledgeOfAddress),
  (121, "EREMOTEIO", .noAcknowledge),
  (11, "EAGAIN", .arbitrationLost),
  (110, "ETIMEDOUT", .timeout),
  (16, "EBUSY", .busy),
  (19, "ENODEV", .deviceGone),
  (2, "ENOENT", .deviceGone),
  (9, "EBADF", .deviceGone),
  (108, "ESHUTDOWN", .deviceGone),
  (95, "EOPNOTSUPP", .unsupported),
  (90, "EMSGSIZE", .unsupported),
  (25, "ENOTTY", .unsupported),
  (5, "EIO", .other),
  (22, "EINVAL", .other),
  (71, "EPROTO", .other),
  (74, "EBADMSG", .other),
]

@Test func `an errno of an exchange becomes the kind that fault-codes describes`() {
  for (code, name, kind) in meanings {
    let failure = I2CFailure(errno: code)
    #expect(failure.kind == kind, "\(name)")
    #expect(failure.detail.hasPrefix(name))
  }
}

@Test func `an errno that nothing is known about keeps its number`() {
  #expect(I2CFailure(errno: 4242) == I2CFailure(.other, detail: "errno 4242"))
}

@Test func `ENXIO of an opening is a missing adapter, not a silent device`() {
  let failure = I2CFailure(errno: 6, opening: "/dev/i2c-1")
  #expect(failure == I2CFailure(.deviceGone, detail: "/dev/i2c-1 does not exist"))
}

@Test func `a forbidden opening says which membership helps`() {
  let failure = I2CFailure(errno: 13, opening: "/dev/i2c-1")
  #expect(failure.kind == .other)
  #expect(failure.detail.contains("no permission to open /dev/i2c-1"))
  #expect(failure.detail.contains("i2c"))
}
