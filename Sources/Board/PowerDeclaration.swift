/// A line that switches the supply of one or more sensors.
public struct PowerDeclaration: Hashable, Sendable {
  /// The chip of lines.
  public let bus: BusDeclaration
  /// The line's number on its chip.
  public let offset: Int
  /// Whether a low level means that the supply is on.
  public let isActiveLow: Bool
  /// How long the supply stays off when it is cycled.
  public let off: Duration
  /// How long the parts then need before they answer.
  public let settle: Duration
}
