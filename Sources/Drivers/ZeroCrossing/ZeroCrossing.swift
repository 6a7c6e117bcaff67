public import Buses
public import Configuration
import Quantities

/// Zero crossings of the mains on an input line: the grid's frequency from the kernel's time stamps.
///
/// For optocouplers and zero-crossing modules that give one rising edge a cycle, or one each half
/// wave. Only rising edges are used, for both ends of a pulse move apart with the voltage.
///
/// The frequency is the number of regular intervals between crossings since the last measurement,
/// over the time that they took. An edge sooner than 3/4 of the nominal interval after the last
/// crossing is noise and ignored. An interval longer than 5/4 of it has lost a crossing and is left
/// out, so that a dip of the voltage does not look like a dip of the frequency. Frequencies from
/// 4/5 to 4/3 of the nominal one can be measured.
///
/// Accuracy: a time stamp is late by the latency of the interrupt; with jitter j over a window T
/// the frequency is off by j / T of itself at most, for example 1 mHz for 20 us in 1 s at 50 Hz.
/// The board's oscillator adds its own error (20 ppm are 1 mHz at 50 Hz).
///
/// Source: the counting method is the one of IEC 61000-4-30 section 5.1.1 (whole cycles over their
/// duration).
public struct ZeroCrossing: LineSensor {
  private let shortest: Int64
  private let longest: Int64
  var crossingsPerCycle: UInt8
  private var total: UInt64 = 0
  private var last: Int64?
  private var crossings: UInt64 = 0
  private var intervals: UInt64 = 0
  private var elapsed: UInt64 = 0

  /// A meter for a nominal frequency and a number of crossings in a cycle.
  public init(options: OptionValues) throws(OptionConflict) {
    crossingsPerCycle = try Self.crossingsPerCycle(options)
    let rate = try options.requiredNano("nominal") * Int128(crossingsPerCycle)
    guard rate > 0 else {
      throw OptionConflict(
        option: "nominal", "'nominal' must be above zero", remedy: "write for example '50 Hz'")
    }
    let interval = 1_000_000_000_000_000_000 / rate
    shortest = Int64(clamping: interval * 3 / 4)
    longest = Int64(clamping: interval * 5 / 4)
  }

  /// Always zero: crossings come by themselves.
  public var conversionTime: Duration { .zero }

  /// The number of crossings in a cycle, one byte.
  public var calibration: [UInt8]? { [crossingsPerCycle] }

  /// Takes the byte that `calibration` gave earlier.
  public mutating func restore(calibration: [UInt8]) throws(DriverFailure) {
    guard calibration.count == 1, (1...2).contains(calibration[0]) else {
      throw .malformed("calibration must be one byte, 1 or 2 crossings in a cycle")
    }
    crossingsPerCycle = calibration[0]
  }

  /// Counts a rising edge, unless it comes too soon.
  public mutating func accept(_ edge: LineEdge) {
    guard edge.direction == .rising else { return }
    if let last {
      let (distance, overflow) = edge.timestamp.subtractingReportingOverflow(last)
      guard !overflow, distance >= shortest else { return }
      if distance <= longest {
        intervals &+= 1
        elapsed &+= UInt64(distance)
      }
    }
    last = edge.timestamp
    total &+= 1
    crossings &+= 1
  }

  /// The counts since the last measurement, as `decode` takes them; begins a new window.
  ///
  /// The interval that is under way belongs to the new window, so none is lost between two.
  public mutating func fetch(at timestamp: Int64) -> [[UInt8]] {
    var bytes: [UInt8] = []
    for number in [total, crossings, intervals, elapsed] { bytes.append(bigEndian: number) }
    (crossings, intervals, elapsed) = (0, 0, 0)
    return [bytes]
  }

  /// Adds the crossings of an earlier run to the total.
  public mutating func resume(from readings: [Reading]) {
    for reading in readings where reading.channel == "crossings" {
      total &+= UInt64(clamping: reading.quantity.nano / 1_000_000_000)
    }
  }
}
