import Configuration
import Quantities

extension OptionValues {
  /// The word behind a key that is required or has a default.
  func requiredText(_ name: String) throws(OptionConflict) -> String {
    guard let text = text(name) else { throw missing(name) }
    return text
  }

  /// The billionths of the quantity behind a key that is required or has a default.
  func requiredNano(_ name: String) throws(OptionConflict) -> Int128 {
    guard let quantity = quantity(name) else { throw missing(name) }
    return quantity.nano
  }

  /// The case that is named by the word behind a key.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, of type: Choice.Type = Choice.self
  ) throws(OptionConflict) -> Choice {
    let cases = Array(Choice.allCases)
    return cases[try code(name, among: cases.map(\.rawValue))]
  }

  /// The place among `words` of the word behind a key.
  func code(_ name: String, among words: [String]) throws(OptionConflict) -> Int {
    let word = try requiredText(name)
    guard let code = words.firstIndex(of: word) else {
      throw OptionConflict(
        option: name, "'\(name)' cannot be '\(word)'",
        remedy: "write one of " + words.joined(separator: ", "))
    }
    return code
  }

  /// The place among `steps`, texts with their billionths, of the quantity behind a key.
  func step(
    _ name: String, among steps: KeyValuePairs<String, Int128>
  ) throws(OptionConflict) -> Int {
    try step(name, among: Array(steps))
  }

  /// The place among `steps`, texts with their billionths, of the quantity behind a key.
  func step(
    _ name: String, among steps: [(key: String, value: Int128)]
  ) throws(OptionConflict) -> Int {
    let nano = try requiredNano(name)
    guard let place = steps.firstIndex(where: { $0.value == nano }) else {
      throw OptionConflict(
        option: name, "'\(name)' is not a value that the chip has",
        remedy: "write one of " + steps.map(\.key).joined(separator: ", "))
    }
    return place
  }

  private func missing(_ name: String) -> OptionConflict {
    OptionConflict(option: name, "'\(name)' has no value", remedy: "write '\(name)' with a value")
  }
}
