import Drivers
import Quantities

/// The units of streams that are combined, and of the result.
struct CombinedUnits: Sendable {
  /// The unit of the result; none where it is not known.
  let result: Unit
  /// From each stream's unit to the common one, where they differ.
  private let conversions: [UnitConversion?]
  private let resultConversion: UnitConversion?
  private let isDifference: Bool

  /// The units of a combination whose result is wanted in a unit, or in its own.
  init(
    _ combination: Combination, of inputs: [ChannelReference], givenIn wanted: Unit?
  ) throws(OptionConflict) {
    let known = inputs.filter(\.isOfKnownUnit)
    let common = known.first?.unit ?? .none
    let isOfOneKind = known.allSatisfy { $0.unit.conversion(to: common) != nil }
    isDifference = combination == .difference
    var own = common
    switch combination {
    case .ratio:
      guard inputs.count <= 2 else {
        throw OptionConflict(
          option: "of",
          "'ratio' takes two channels, the first over the second, but \(inputs.count) are named",
          remedy: "name two")
      }
      own = isOfOneKind && known.count == 2 ? .ratio : .none
    case .product: own = .none
    case .difference, .sum, .mean, .min, .max:
      if let other = known.first(where: { $0.unit.conversion(to: common) == nil }) {
        throw OptionConflict(
          option: "of",
          "'\(combination.rawValue)' needs channels of one kind, but '\(known[0])' is in \(common)"
            + " and '\(other)' in \(other.unit)", remedy: "name channels of one kind")
      }
      if combination == .difference, common == .celsius { own = .kelvin }
    }
    let needsUnit = own == .none && known.count == inputs.count && inputs.count >= 2
    guard wanted != nil || !needsUnit else {
      let codes = inputs.map(\.unit.code).joined(separator: " and ")
      throw OptionConflict(
        option: "unit", "a \(combination.rawValue) of \(codes) needs 'unit'",
        remedy: "write the unit of the result, for example 'unit: W' for V and A")
    }
    let takesCommon = combination != .product && (combination != .ratio || isOfOneKind)
    conversions = inputs.map { input in
      takesCommon && input.isOfKnownUnit && input.unit != common
        ? input.unit.conversion(to: common) : nil
    }
    result = wanted ?? own
    resultConversion = result == own ? nil : own.conversion(to: result)
    guard own == .none || result == own || resultConversion != nil else {
      let codes = ([own] + own.relatives).map(\.code).joined(separator: ", ")
      throw OptionConflict(
        option: "unit", "the \(combination.rawValue) is in \(own), and has no value in \(result)",
        remedy: own.relatives.isEmpty ? "write \(codes)" : "write one of \(codes)")
    }
  }

  /// A value of a stream in the common unit.
  func value(_ value: Double, of index: Int) -> Double { conversions[index]?.value(value) ?? value }

  /// What was made of the values, in the unit of the result.
  func result(_ value: Double) -> Double {
    guard let resultConversion else { return value }
    return isDifference ? resultConversion.difference(value) : resultConversion.value(value)
  }
}
