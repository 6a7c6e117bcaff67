import Configuration
import Quantities

extension INA226 {
  /// What one step of the current register is worth.
  ///
  /// Not a rounded current, but the calibration register and the shunt, of which the worth is an
  /// exact fraction: so cutting the register down to whole numbers costs no accuracy.
  struct Scaling: Hashable, Sendable {
    /// The calibration register (section 7.6.6).
    let register: UInt16
    /// The shunt's resistance.
    let nanoohms: UInt64

    /// The register's largest value; its highest bit is not used.
    static let largest: Int128 = 32767
    /// The register that makes the current register count like the shunt register; a smaller one
    /// would only throw resolution away (0.00512 / 2048 = 2.5 uV).
    static let fullScale: Int128 = 2048

    /// The scaling for the options `shunt` and `max-current`.
    init(_ options: OptionValues) throws(OptionConflict) {
      let shunt = try options.requiredNano("shunt")
      guard let nanoohms = UInt64(exactly: shunt), nanoohms > 0 else {
        throw OptionConflict(
          option: "shunt", "'shunt' must be above zero", remedy: "write for example '0.1 ohm'")
      }
      self.nanoohms = nanoohms
      guard let current = options.quantity("max-current")?.nano else {
        register = UInt16(Self.fullScale)
        return
      }
      guard current > 0 else {
        throw OptionConflict(
          option: "max-current", "'max-current' must be above zero",
          remedy: "write for example '5 A'")
      }
      // 0.00512 x 2^15 in units of 10^-18 volt over the drop at the largest current, in the same.
      let drop = current * shunt
      let wanted = 167_772_160_000_000_000_000 / drop
      guard wanted >= Self.fullScale else {
        throw OptionConflict(
          option: "max-current", "'max-current' drops more than 81.92 mV across the shunt",
          remedy: "write at most '\(Self.ampere(81_920_000 * 1_000_000_000 / shunt))', "
            + "or use a smaller shunt")
      }
      guard wanted <= Self.largest else {
        throw OptionConflict(
          option: "max-current", "'max-current' drops less than 5.121 mV across the shunt",
          remedy: "write at least '\(Self.ampere(5_121_000 * 1_000_000_000 / shunt + 1000))', "
            + "or use a larger shunt")
      }
      register = UInt16(wanted)
    }

    /// The scaling from the 10 bytes that `bytes` gave.
    init(_ bytes: [UInt8]) throws(DriverFailure) {
      guard bytes.count == 10 else {
        throw .malformed("calibration has \(bytes.count) bytes, expected 10")
      }
      register = bytes.word(at: 0)
      nanoohms = bytes.long(at: 2)
      guard (1...Self.largest).contains(Int128(register)), nanoohms > 0 else {
        throw .malformed("calibration register or shunt is out of range")
      }
    }

    /// The register and the resistance, most significant byte first.
    var bytes: [UInt8] {
      var bytes: [UInt8] = []
      bytes.append(bigEndian: register)
      bytes.append(bigEndian: nanoohms)
      return bytes
    }

    /// The worth of some steps in billionths of an ampere.
    func nano(steps: Int128) -> Int128 {
      // 0.00512 volt, in units of 10^-18.
      (steps * 5_120_000_000_000_000).roundedQuotient(by: Int128(register) * Int128(nanoohms))
    }

    private static func ampere(_ nano: Int128) -> String {
      // In billionths of a milliampere, down to the last microampere.
      Quantity(nano: nano / 1000 * 1_000_000, unit: .ampere).decimalText + " mA"
    }
  }
}
