import Quantities

/// A piece of a configuration file together with the place where it stands.
public struct ConfigurationNode: Hashable, Sendable {
  /// A key with its value.
  public struct Entry: Hashable, Sendable {
    /// The key.
    public let key: String
    /// Where the key stands.
    public let position: Position
    /// The value.
    public let value: ConfigurationNode

    /// A key at a place, with its value.
    public init(key: String, position: Position, value: ConfigurationNode) {
      self.key = key
      self.position = position
      self.value = value
    }
  }

  /// What a node holds.
  public enum Content: Hashable, Sendable {
    /// Nothing was written.
    case empty
    /// One text; numbers are texts until an option asks for one.
    case scalar(String)
    /// A list.
    case sequence([ConfigurationNode])
    /// Keys and values in the order of the file; a key stands once.
    case mapping([Entry])
  }

  /// What the node holds.
  public let content: Content
  /// Where it begins.
  public let position: Position

  /// A node at a place.
  public init(_ content: Content, at position: Position) {
    self.content = content
    self.position = position
  }

  /// Whether nothing is in it: no text, no item, no key.
  var isVoid: Bool {
    switch content {
    case .empty: true
    case .scalar: false
    case .sequence(let items): items.isEmpty
    case .mapping(let entries): entries.isEmpty
    }
  }

  /// What was written, in a word, for error messages.
  var kindName: String {
    switch content {
    case .empty: "nothing"
    case .scalar(let text): text.quoted
    case .sequence: "a list"
    case .mapping: "a mapping of keys"
    }
  }
}
