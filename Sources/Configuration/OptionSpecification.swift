public import Quantities

/// One key of the board file: its name, kind, default and a line of help.
///
/// The strict reader, the reference page and the JSON Schema all come from these, so they cannot
/// disagree.
public struct OptionSpecification: Sendable {
  /// What happens when the key is not written.
  public enum Absence: Sendable, Hashable {
    /// The key must be written.
    case required
    /// Nothing is assumed; the help says what it means.
    case optional
    /// This text is read in its place.
    case standard(String)
    /// The key must not be written; the text says what to write instead.
    case refused(String)
  }

  /// The key.
  public let name: String
  /// What may be written behind it.
  public let kind: OptionKind
  /// What happens when it is not written.
  public let absence: Absence
  /// One line for people, a sentence without its period.
  public let help: String

  /// A key of some kind.
  public init(_ name: String, _ kind: OptionKind, _ absence: Absence, help: String) {
    self.name = name
    self.kind = kind
    self.absence = absence
    self.help = help
  }
}

/// What may be written behind a key.
public indirect enum OptionKind: Sendable {
  /// Any text; the example shows the form.
  case text(example: String)
  /// A name: a lower-case letter, then lower-case letters, digits and single hyphens; 32 at most.
  case name(example: String)
  /// A path of a file or device.
  case path(example: String)
  /// `yes` or `no`.
  case flag
  /// A whole number, decimal or with `0x`, in a range.
  case integer(ClosedRange<Int>)
  /// An address on a bus: one of some, decimal or with `0x`.
  case address([Int])
  /// A decimal number without a unit, in a range of billionths.
  case number(ClosedRange<Int128>)
  /// A number with a unit; the bounds are billionths of the dimension's unit.
  case quantity(Dimension, ClosedRange<Int128>)
  /// One of some words.
  case choice([String])
  /// Two numbers, the lower first: `-40..85`.
  case interval
  /// A list of one kind; a single item may stand without brackets.
  case list(OptionKind)
  /// A mapping with fixed keys.
  case section([OptionSpecification])
  /// A mapping from names that the user chooses.
  case table(of: OptionKind)
  /// A mapping in which one key names the variant that says which further keys there are.
  case variants(OptionVariants)
}

extension OptionKind {
  /// The widest range of numbers, for a factor, an offset or a limit in any unit: up to 10^12.
  public static let anyNumber: ClosedRange<Int128> =
    -1_000_000_000_000_000_000_000...1_000_000_000_000_000_000_000
}

/// Mappings of several kinds that are told apart by one key, as sensors are by `driver`.
public struct OptionVariants: Sendable {
  /// One kind of mapping.
  public struct Variant: Sendable {
    /// The word behind the deciding key.
    public let name: String
    /// One line for people.
    public let help: String
    /// The keys that only this variant has; one with the name of a common key stands in its place.
    public let options: [OptionSpecification]
    /// What else the reference page says about it, in Markdown; empty for nothing.
    public let note: String

    /// A variant with its own keys.
    public init(
      _ name: String, help: String, options: [OptionSpecification], note: String = ""
    ) {
      self.name = name
      self.help = help
      self.options = options
      self.note = note
    }
  }

  /// The deciding key, for example `driver`.
  public let key: String
  /// One line for people about the deciding key.
  public let help: String
  /// The keys that all variants have.
  public let common: [OptionSpecification]
  /// The variants, by name.
  public let variants: [Variant]
  /// What to write in the place of words that are no variant but well known, in lower case.
  public let remedies: [String: String]

  /// The keys of a mapping that is one variant: the common ones, and its own.
  func options(of variant: Variant) -> [OptionSpecification] {
    let own = Set(variant.options.map(\.name))
    return common.filter { !own.contains($0.name) } + variant.options
  }

  /// Variants told apart by `key`.
  public init(
    key: String, help: String, common: [OptionSpecification], variants: [Variant],
    remedies: [String: String] = [:]
  ) {
    self.remedies = remedies
    self.key = key
    self.help = help
    self.common = common
    self.variants = variants
  }
}
