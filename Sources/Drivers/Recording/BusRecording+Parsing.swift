import Buses
import Quantities

extension BusRecording {
  /// The recording of a text that `text` gave; blank lines and lines that begin with `#` are passed
  /// over.
  public init(parsing text: String) throws(BusRecordingFailure) {
    var parser = Parser()
    var number = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      number += 1
      let trimmed = line.drop { $0 == " " }
      guard !trimmed.isEmpty, !trimmed.hasPrefix("#") else { continue }
      guard number < 1_000_000 else {
        throw BusRecordingFailure(line: number, message: "recording is too long", remedy: "cut it")
      }
      try parser.take(String(trimmed), number)
    }
    self = try parser.finish(number)
  }

  private struct Parser {
    var hasTitle = false
    var driver: String?
    var address: I2CAddress?
    var options: [String: String] = [:]
    var steps: [Step] = []
    var call: Call?
    var exchanges: [BusExchange] = []
    var pause = Duration.zero
    var readings: [Reading] = []
    var faults: [ChannelFault] = []
    var failure: String?

    mutating func take(_ line: String, _ number: Int) throws(BusRecordingFailure) {
      func wrong(_ message: String, _ remedy: String) -> BusRecordingFailure {
        BusRecordingFailure(line: number, message: message, remedy: remedy)
      }
      guard hasTitle else {
        guard line == BusRecording.title else {
          throw wrong("this is no bus recording", "begin with '\(BusRecording.title)'")
        }
        hasTitle = true
        return
      }
      let word = String(line.prefix { $0 != " " && $0 != "," && $0 != ":" })
      let rest = String(line.dropFirst(word.count).drop { $0 == " " })
      let fields = rest.split(separator: " ", maxSplits: 1).map(String.init)
      if let next = Call(rawValue: word), rest.isEmpty {
        guard driver != nil, address != nil else {
          throw wrong("'\(word)' stands before driver and address", "write those first")
        }
        close()
        call = next
        return
      }
      switch word {
      case "driver" where call == nil && !rest.isEmpty: driver = rest
      case "address" where call == nil:
        guard rest.hasPrefix("0x"), let value = Int(rest.dropFirst(2), radix: 16),
          let parsed = I2CAddress(value)
        else { throw wrong("'\(rest)' is no address", "write for example 0x76") }
        address = parsed
      case "option" where call == nil && fields.count == 2: options[fields[0]] = fields[1]
      case "wait" where call != nil:
        guard rest.hasSuffix(" ns"), let count = Int64(rest.dropLast(3)), count >= 0 else {
          throw wrong("'\(rest)' is no time", "write for example '1500000 ns'")
        }
        pause = .nanoseconds(count)
      case "value" where call != nil && fields.count == 2:
        let parts = fields[1].split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2, let nano = DecimalNumber.nano(of: parts[0]) else {
          throw wrong("'\(fields[1])' is no value", "write for example '21.5 Cel'")
        }
        readings.append(Reading(fields[0], nano: nano, Unit(code: parts[1])))
      case "fault" where call != nil && fields.count == 2:
        faults.append(ChannelFault(fields[0], cause: fields[1]))
      case "failure" where call != nil: failure = rest
      case "write", "read", "fails", "address":
        guard call != nil, let address else {
          throw wrong("an exchange stands before the first call", "write 'identify' before it")
        }
        guard let exchange = BusExchange(parsing: line, address: address) else {
          throw wrong(
            "'\(line)' is no exchange", "write for example 'write f32d, read 000081'")
        }
        exchanges.append(exchange)
      default:
        throw wrong(
          "'\(line)' is not understood",
          "write a call (identify, reset, configure, begin, proceed, fetch), an exchange, 'wait', 'value', "
            + "'fault' or 'failure'")
      }
    }

    mutating func close() {
      guard let call else { return }
      let result: Result =
        if let failure {
          .failure(failure)
        } else if call == .fetch {
          .measurement(Measurement(readings, faults: faults))
        } else {
          .wait(pause)
        }
      steps.append(Step(call, exchanges, result))
      (exchanges, pause, readings, faults, failure) = ([], .zero, [], [], nil)
    }

    mutating func finish(_ number: Int) throws(BusRecordingFailure) -> BusRecording {
      close()
      guard let driver, let address else {
        throw BusRecordingFailure(
          line: max(1, number), message: "recording has no driver or no address",
          remedy: "begin with '\(BusRecording.title)', 'driver NAME', 'address 0xNN'")
      }
      var recording = BusRecording(driver: driver, address: address, options: options)
      for step in steps { recording.append(step) }
      return recording
    }
  }
}

extension BusExchange {
  /// An exchange of one line: `write HEX`, `read HEX`, both, either failing, or `address`.
  init?(parsing line: String, address: I2CAddress) {
    var written: [UInt8] = []
    var read: [UInt8] = []
    var count = 0
    var kind: I2CFailure.Kind?
    for part in line.split(separator: ",").map({ $0.drop { $0 == " " } }) {
      let words = part.split(separator: " ", maxSplits: 1).map(String.init)
      switch (words.first, words.last) {
      case ("address", _) where words.count == 1: break
      case ("write", let digits?) where words.count == 2:
        guard let bytes = Self.bytes(digits) else { return nil }
        written = bytes
      case ("read", let digits?) where words.count == 2:
        if digits.hasSuffix(" bytes"), let number = Int(digits.dropLast(6)), number > 0 {
          count = number
        } else {
          guard let bytes = Self.bytes(digits) else { return nil }
          read = bytes
        }
      case ("fails:", let name?) where words.count == 2:
        guard let known = I2CFailure.Kind(rawValue: name) else { return nil }
        kind = known
      default: return nil
      }
    }
    guard count == 0 || kind != nil else { return nil }
    self.init(
      address: address, written: written,
      outcome: kind.map { .failure($0, readCount: count) } ?? .bytes(read))
  }

  private static func bytes(_ digits: String) -> [UInt8]? {
    guard digits.utf8.count % 2 == 0, !digits.isEmpty else { return nil }
    var bytes: [UInt8] = []
    var rest = digits[...]
    while !rest.isEmpty {
      guard let byte = UInt8(rest.prefix(2), radix: 16), rest.first != "+" else { return nil }
      bytes.append(byte)
      rest = rest.dropFirst(2)
    }
    return bytes
  }
}
