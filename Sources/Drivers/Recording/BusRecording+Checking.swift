import Buses

extension BusRecording {
  /// What a driver does otherwise than the recording says; empty where it does all of it.
  ///
  /// The driver must make the recorded exchanges and no others, wait as long, and make the same of
  /// the answers. It ends at the first call that differs.
  public func differences(of driver: consuming any I2CSensor) -> [String] {
    for (index, step) in steps.enumerated() {
      if step.call == .fetch {
        var none = PlaybackI2CBus([])
        if Call.proceed.result(of: &driver, on: &none) != nil {
          return ["call \(index + 1), fetch: the driver proceeds before it"]
        }
      }
      var bus = PlaybackI2CBus(step.exchanges)
      let result = step.call.result(of: &driver, on: &bus)
      var differences = bus.differences
      if result != step.result, differences.isEmpty {
        differences = [
          "recorded \(Self.words(step.result)), came \(result.map(Self.words) ?? "nothing")"
        ]
      }
      if !differences.isEmpty {
        return differences.map { "call \(index + 1), \(step.call.rawValue): \($0)" }
      }
    }
    return []
  }

  private static func words(_ result: Result) -> String {
    let lines = lines(result)
    return lines.isEmpty ? "no wait" : "'\(lines.joined(separator: "; "))'"
  }
}

/// A bus on which exactly the recorded exchanges may happen, in their order.
private struct PlaybackI2CBus: I2CBus {
  private var rest: ArraySlice<BusExchange>
  private var mismatch: String?

  init(_ exchanges: [BusExchange]) {
    rest = exchanges[...]
  }

  var differences: [String] {
    if let mismatch { return [mismatch] }
    guard let missing = rest.first else { return [] }
    return ["recorded '\(BusRecording.text(missing))', did not come"]
  }

  @_lifetime(buffer: copy buffer)
  mutating func transfer(
    to address: I2CAddress, writing bytes: Span<UInt8>, reading buffer: inout MutableSpan<UInt8>
  ) throws(I2CFailure) {
    let written = bytes.indices.map { bytes[$0] }
    guard mismatch == nil, let next = rest.first, next.address == address,
      next.written == written, next.readCount == buffer.count
    else {
      let came = BusExchange(
        address: address, written: written,
        outcome: .bytes([UInt8](repeating: 0, count: buffer.count)))
      let recorded = rest.first.map { "'\(BusRecording.text($0))'" } ?? "no more"
      mismatch =
        mismatch
        ?? "recorded \(recorded), came a write of \(written.count) and a read of "
        + "\(came.readCount) bytes: '\(BusRecording.text(came))'"
      throw I2CFailure(.other, detail: "not recorded")
    }
    rest = rest.dropFirst()
    switch next.outcome {
    case .bytes(let answer):
      for index in buffer.indices { buffer[index] = answer[index] }
    case .failure(let kind, _): throw I2CFailure(kind)
    }
  }
}
