public import Buses
public import Configuration
public import Drivers
public import Quantities

/// The validated meaning of a board file.
///
/// A value of this type exists only where the file had no error.
public struct Board: Sendable {
  /// The board's name; it stands in topics.
  public let name: String
  /// The board's name in the world, the first part of every record's name.
  ///
  /// Source: RFC 9039 (`urn:dev:`). Ends in `:simulated` where the hardware is virtual.
  public let urn: String
  /// Whether the buses are virtual, so that nothing it says is evidence.
  public let isSimulated: Bool
  /// The buses and line chips.
  public let buses: [BusDeclaration]
  /// The sensors, in the order of the file.
  public let sensors: [SensorDeclaration]
  /// The kernels, in an order in which none listens to a later one.
  public let kernels: [KernelDeclaration]
  /// What is recorded, and how often.
  public let record: RecordSettings
  /// The broker; nil where the board only records.
  public let mqtt: MQTTSettings?
  /// Who cosigns the log's heads, in the order of the file.
  public let witnesses: [WitnessDeclaration]
  /// The recordings that drive virtual hardware.
  public let recordings: [RecordingDeclaration]
}

/// An I2C bus or a chip of lines.
public struct BusDeclaration: Hashable, Sendable {
  /// What is opened.
  public enum Device: Hashable, Sendable {
    /// The adapter with this device node.
    case i2c(path: String)
    /// The line chip with this label, name or path.
    case lines(chip: String)
    /// Models of chips.
    case virtualI2C
    /// Models of lines.
    case virtualLines
  }

  /// The name in the board file.
  public let name: String
  /// What is opened.
  public let device: Device
}

/// One sensor.
public struct SensorDeclaration: Sendable {
  /// The driver, made with the sensor's options, and where its part is.
  public enum Part: Sendable {
    /// A chip at an address.
    case i2c(any I2CSensor, I2CAddress)
    /// Something on a line.
    case line(any LineSensor, LineSettings)
    /// A chip that a driver of the kernel owns.
    case kernel(any KernelSensor, KernelDeviceName)
  }

  /// The name in the board file.
  public let name: String
  /// The name of the bus or chip of lines; nil for a device of the kernel.
  public let bus: String?
  /// The driver and its place.
  public let part: Part
  /// The time between two measurements.
  public let interval: Duration
  /// What happens to the values of channels, by channel.
  public let channels: [String: ChannelSettings]
  /// What drives the model of the part, by channel; empty for real hardware.
  public let stimuli: [String: StimulusText]
  /// The bus recording that plays the part; nil for real hardware and for models.
  public let playback: PlaybackText?
  /// What switches its supply; nil where nothing does.
  public let power: PowerDeclaration?
  /// The keys as they were written, for virtual parts that need them.
  public let options: OptionValues

  /// The driver, of whichever kind.
  public var driver: any SensorDriver { part.driver }

  /// What is asked for the values, in words: `bus i2c-1` or `hwmon device 'coretemp'`.
  public var place: String {
    if case .kernel(_, let device) = part { return device.description }
    return "bus \(bus ?? "")"
  }

  /// What the driver is.
  public var specification: DriverSpecification { type(of: driver).specification }

  /// The driver's channels as kernels listen to them, in the units that the board file gives them.
  public var references: [ChannelReference] {
    specification.channels.map { channel in
      ChannelReference(
        sensor: name, channel: channel.name, unit: channels[channel.name]?.unit ?? channel.unit)
    }
  }
}

/// An input line and how it is wired.
public struct LineSettings: Hashable, Sendable {
  /// The line's number on its chip.
  public let offset: Int
  /// What pulls it.
  public let bias: LineBias
  /// Whether a low level means active.
  public let isActiveLow: Bool
}

/// What happens to the values of a channel before anybody sees them.
public struct ChannelSettings: Hashable, Sendable {
  /// The factor, in billionths.
  public let scale: Int128
  /// What is added after the factor, in billionths of the unit.
  public let offset: Int128
  /// The unit of the result; nil where it is the channel's own.
  public let unit: Unit?
  /// The values that can be true, in billionths of the unit.
  public let valid: ClosedRange<Int128>?

  /// The value after factor and offset, or nil where it cannot be kept.
  ///
  /// The product is rounded to the nearest billionth, halves away from zero.
  public func calibrated(_ quantity: Quantity) -> Quantity? {
    let (product, overflow) = quantity.nano.multipliedReportingOverflow(by: scale)
    guard !overflow else { return nil }
    let (whole, rest) = product.quotientAndRemainder(dividingBy: 1_000_000_000)
    let rounding: Int128 = rest.magnitude >= 500_000_000 ? rest.signum() : 0
    let (sum, tooLarge) = (whole + rounding).addingReportingOverflow(offset)
    return tooLarge ? nil : Quantity(nano: sum, unit: unit ?? quantity.unit)
  }
}

/// What drives a model's channel, as it was written, and where.
public struct StimulusText: Hashable, Sendable {
  /// The sensor's name.
  public let sensor: String
  /// The channel's name.
  public let channel: String
  /// The text.
  public let text: String
  /// Where it stands.
  public let position: Position
}

/// A bus recording that plays a part, as it was named, and where.
public struct PlaybackText: Hashable, Sendable {
  /// The sensor's name.
  public let sensor: String
  /// The name of the sensor's driver.
  public let driver: String
  /// The file, relative to the board file.
  public let file: String
  /// Where it stands.
  public let position: Position
}

/// One kernel over its channels.
public struct KernelDeclaration: Sendable {
  /// The name in the board file.
  public let name: String
  /// The kernel, made with its options.
  public let kernel: any StreamKernel
  /// The streams, in the order in which the kernel counts them.
  public let inputs: [ChannelReference]
  /// The options as texts, defaults included, in the order of the names.
  public let parameters: [(name: String, text: String)]

  /// The outputs, in the order of their numbers.
  public let outputs: [KernelChannel]

  /// A kernel over its channels.
  init(
    name: String, kernel: any StreamKernel, inputs: [ChannelReference],
    parameters: [(name: String, text: String)]
  ) {
    self.name = name
    self.kernel = kernel
    self.inputs = inputs
    self.parameters = parameters
    outputs = kernel.outputs
  }

  /// What the kind is.
  public var specification: KernelSpecification { type(of: kernel).specification }
}

/// What is recorded, and how often.
public struct RecordSettings: Hashable, Sendable {
  /// The longest time between a measurement and its entry.
  public let interval: Duration
  /// The time between two signed tree heads.
  public let checkpointInterval: Duration
  /// The records that stand in the log as digests only.
  public let hidden: HiddenRecords
  /// Whether raw bytes go into the entries.
  public let includesRaw: Bool
  /// Whether the board file's text goes into the log, or only its hash.
  public let includesConfiguration: Bool
  /// How long entries are kept.
  public let retention: RetentionSettings
  /// What is asked of the broker's copy before anything is signed.
  public let rollbackCheck: RollbackCheck
}

/// How long entries are kept, and what happens where the disk is full.
public struct RetentionSettings: Hashable, Sendable {
  /// What happens where the disk is full.
  public enum WhenFull: String, Hashable, Sendable, CaseIterable {
    /// The oldest entries go that the broker has.
    case dropOldest = "drop-oldest"
    /// Nothing is recorded any more.
    case stop
  }

  /// How old entries become; nil where age does not matter.
  public let age: Duration?
  /// How many bytes of entries are kept; nil where size does not matter.
  public let size: Int?
  /// What happens where the disk is full.
  public let whenFull: WhenFull

  /// A rule for how long entries are kept.
  public init(age: Duration? = nil, size: Int? = nil, whenFull: WhenFull = .stop) {
    self.age = age
    self.size = size
    self.whenFull = whenFull
  }
}

/// Whether a board signs before the broker has said what it keeps of the log.
public enum RollbackCheck: String, Hashable, Sendable, CaseIterable {
  /// Nothing is signed before the broker has answered.
  case require
  /// The broker is asked; one that is away holds nothing up.
  case prefer
  /// The broker is not asked.
  case off
}

/// The broker and how to reach it.
public struct MQTTSettings: Hashable, Sendable {
  /// The address, as it was written.
  public let broker: String
  /// Where it was written.
  public let brokerPosition: Position
  /// The user's name.
  public let user: String?
  /// The file with the password.
  public let passwordFile: String?
  /// The file with the certificates to trust.
  public let authorityFile: String?
  /// The file with the board's certificate.
  public let certificateFile: String?
  /// The file with the key of the certificate.
  public let keyFile: String?
  /// `auto`, `5` or `3.1.1`.
  public let protocolVersion: String
}

/// A recording that drives virtual hardware.
public struct RecordingDeclaration: Hashable, Sendable {
  /// The name in the board file.
  public let name: String
  /// The file, relative to the board file.
  public let file: String
  /// Where the file's name stands.
  public let position: Position
  /// Where in the recording the play begins, as it was written.
  public let start: String?
  /// Where that stands.
  public let startPosition: Position
  /// How much faster than life it plays, in billionths.
  public let speed: Int128
}
