import Configuration
import Drivers
import Kernels
import Quantities

/// Options as kernels count: numbers in binary64, times in nanoseconds.
extension OptionValues {
  /// The number behind a key.
  func double(_ name: String) -> Double? {
    number(name).map { Quantity(nano: $0, unit: .ratio).value }
  }

  /// The time behind a key, in nanoseconds.
  func nanoseconds(_ name: String) -> Int64? {
    quantity(name).map { Int64(clamping: $0.nano) }
  }

  /// The numbers of a list behind a key.
  func doubles(ofList name: String) -> [Double] {
    list(name).compactMap { item in
      guard case .number(let nano) = item.value else { return nil }
      return Quantity(nano: nano, unit: .ratio).value
    }
  }

  /// The two numbers behind a key, the lower first.
  func doubles(_ name: String) -> (lower: Double, upper: Double)? {
    interval(name).map {
      (
        Quantity(nano: $0.lowerBound, unit: .ratio).value,
        Quantity(nano: $0.upperBound, unit: .ratio).value
      )
    }
  }
}

extension OptionSpecification {
  /// A time in a range of nanoseconds.
  static func time(
    _ name: String, _ range: ClosedRange<Int128>, _ absence: Absence, help: String
  ) -> OptionSpecification {
    OptionSpecification(name, .quantity(.duration, range), absence, help: help)
  }

  /// Any number.
  static func anyNumber(_ name: String, _ absence: Absence, help: String) -> OptionSpecification {
    OptionSpecification(name, .number(OptionKind.anyNumber), absence, help: help)
  }

  /// A number in a range.
  static func number(
    _ name: String, _ range: ClosedRange<Double>, _ absence: Absence, help: String
  ) -> OptionSpecification {
    OptionSpecification(
      name, .number(Int128(range.lowerBound * 1e9)...Int128(range.upperBound * 1e9)), absence,
      help: help)
  }

  /// A whole number in a range.
  static func count(
    _ name: String, _ range: ClosedRange<Int>, _ absence: Absence, help: String
  ) -> OptionSpecification {
    OptionSpecification(name, .integer(range), absence, help: help)
  }
}

extension Unit {
  /// No unit: flags, scores and alarms, which are numbers and no quantities.
  static let none = Unit(code: "")
}

extension ChannelReference {
  /// Refuses a stream in another unit than its kind needs; one whose unit is not known is believed.
  func mustBe(
    in unit: Unit, _ words: String, of quantity: String, for kind: String
  ) throws(OptionConflict) {
    guard isOfKnownUnit, self.unit != unit else { return }
    throw OptionConflict(
      option: "of", "'\(kind)' needs \(words), but '\(self)' is in \(self.unit)",
      remedy: self.unit.conversion(to: unit) == nil
        ? "name a channel of \(quantity)"
        : "name a kernel 'convert' of it, with 'to: \(unit)'")
  }
}

extension OptionSpecification {
  /// A unit of the registry.
  static func unit(_ name: String, _ absence: Absence, help: String) -> OptionSpecification {
    OptionSpecification(name, .choice(Unit.registry), absence, help: help)
  }
}

extension OptionValues {
  /// The unit behind a key.
  func unit(_ name: String) -> Unit? { text(name).map { Unit(code: $0) } }
}

extension KernelChannel {
  /// An alarm that is 0 or 1.
  static let alarm = KernelChannel("alarm", .none, isState: true)
}

extension OptionConflict {
  /// Options that do not go together, where no single one is to blame.
  static func together(_ option: String, _ message: String) -> OptionConflict {
    OptionConflict(option: option, message, remedy: "write other values")
  }
}
