/// Which records stand in the log as digests only, until somebody discloses them.
public struct HiddenRecords: Hashable, Sendable {
  /// The channels or outputs of each sensor or kernel; nil stands for all of them.
  private var channels: [String: Set<String>?] = [:]

  /// Nothing is hidden.
  public init() {}

  /// Whether anything is hidden.
  public var isEmpty: Bool { channels.isEmpty }

  mutating func hide(_ channel: String?, of name: String) {
    guard let channel else {
      channels.updateValue(nil, forKey: name)
      return
    }
    if let known = channels[name] {
      guard let known else { return }
      channels[name] = known.union([channel])
    } else {
      channels[name] = [channel]
    }
  }

  /// Whether a channel of a sensor, or an output of a kernel, is hidden.
  public func contains(_ channel: String, of name: String) -> Bool {
    guard let hidden = channels[name] else { return false }
    return hidden?.contains(channel) ?? true
  }

  /// Whether anything of a sensor or kernel is hidden.
  public func containsAny(of name: String) -> Bool { channels[name] != nil }

  /// Whether everything of a sensor or kernel is hidden.
  public func containsAll(of name: String) -> Bool {
    guard let hidden = channels[name] else { return false }
    return hidden == nil
  }
}
