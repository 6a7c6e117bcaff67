public import Quantities

/// One value of one channel.
public struct Reading: Hashable, Sendable {
  /// The channel's name within its sensor, for example `temperature`.
  public let channel: String
  /// The value.
  public let quantity: Quantity

  /// A value of a channel.
  public init(_ channel: String, _ quantity: Quantity) {
    self.channel = channel
    self.quantity = quantity
  }
}

extension Reading {
  /// A value of some billionths of a unit.
  init(_ channel: String, nano: Int128, _ unit: Unit) {
    self.init(channel, Quantity(nano: nano, unit: unit))
  }
}

/// Why one channel has no value though the exchange with the chip went well.
public struct ChannelFault: Hashable, Sendable {
  /// The channel's name.
  public let channel: String
  /// The cause, in a clause, for example `arithmetic overflow flag is set`.
  public let cause: String

  /// A channel without a value.
  public init(_ channel: String, cause: String) {
    self.channel = channel
    self.cause = cause
  }
}

/// What the raw bytes of one measurement mean: a value or a cause for every channel.
public struct Measurement: Hashable, Sendable {
  /// The values, in the order of the driver's channels.
  public let readings: [Reading]
  /// The channels without a value.
  public let faults: [ChannelFault]

  /// Values, and the channels that have none.
  public init(_ readings: [Reading], faults: [ChannelFault] = []) {
    self.readings = readings
    self.faults = faults
  }
}
