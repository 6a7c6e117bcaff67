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

  private func missing(_ name: String) -> OptionConflict {
    OptionConflict(option: name, "'\(name)' has no value", remedy: "write '\(name)' with a value")
  }
}
