public import Buses
public import Configuration
public import Quantities

/// What a channel measures.
public struct ChannelSpecification: Hashable, Sendable {
  /// The channel's name, for example `temperature`.
  public let name: String
  /// The unit of its values.
  public let unit: Unit
  /// The step of the chip's result in billionths of the unit; zero where options decide it.
  public let resolution: Int128
  /// The values that the chip can mean, in billionths of the unit.
  public let range: ClosedRange<Int128>?
  /// The option of the driver without which the channel never has a value.
  public let neededOption: String?
  /// What the list behind that option must name; nil where it need only be written.
  public let neededItem: String?
  /// One line for people.
  public let help: String

  /// A channel with its unit, step and range.
  public init(
    _ name: String, _ unit: Unit, resolution: Int128, range: ClosedRange<Int128>? = nil,
    neededOption: String? = nil, neededItem: String? = nil, help: String
  ) {
    self.name = name
    self.unit = unit
    self.resolution = resolution
    self.range = range
    self.neededOption = neededOption
    self.neededItem = neededItem
    self.help = help
  }
}

/// How a driver's part is connected.
public enum Attachment: Hashable, Sendable {
  /// On an I2C bus, at one of some addresses; the first is the one that boards mostly have.
  case i2c(addresses: [I2CAddress])
  /// On an input line.
  case line
  /// To a driver of the Linux kernel, which has it in one of its lists.
  case kernel(KernelSubsystem)
}

/// What a driver is, for the board file, the reference page, `scan` and the log.
public struct DriverSpecification: Sendable {
  /// The name behind `driver:`, for example `bme280`.
  public let name: String
  /// Raised by one whenever the same bytes would decode to other values; it is in the log.
  public let revision: UInt64
  /// One line for people.
  public let summary: String
  /// The data sheet's maker, title or number, and revision.
  public let datasheet: String
  /// How the part is connected.
  public let attachment: Attachment
  /// The driver's own keys in the board file.
  public let options: [OptionSpecification]
  /// The channels, in the order of the readings.
  public let channels: [ChannelSpecification]
  /// The byte strings that `decode` takes, in their order.
  public let rawLayout: [RawString]
  /// The channels whose values a model of the part must be given to act like it.
  public let stimuli: [String]

  /// A driver's description.
  public init(
    name: String, revision: UInt64, summary: String, datasheet: String, attachment: Attachment,
    options: [OptionSpecification], channels: [ChannelSpecification], rawLayout: [RawString],
    stimuli: [String]
  ) {
    self.name = name
    self.revision = revision
    self.summary = summary
    self.datasheet = datasheet
    self.attachment = attachment
    self.options = options
    self.channels = channels
    self.rawLayout = rawLayout
    self.stimuli = stimuli
  }
}
