import Glibc
import Synchronization

@testable import MQTTTransport

/// A broker of a few lines that does what a real one can't be told to do.
final class ScriptedBroker: Sendable {
  /// How it treats a CONNECT of MQTT 5 (level 5); it always accepts MQTT 3.1.1 (level 4).
  enum Manner: Sendable {
    /// CONNACK 0x01 in the form of MQTT 3.1.1.
    case refuses
    /// CONNACK 0x84 in the form of MQTT 5.
    case refusesAsMQTT5
    /// It closes the connection.
    case closes
    /// CONNACK 0x00 with properties; the first PUBLISH is answered with a packet.
    case accepts(properties: [UInt8], answer: [UInt8])
  }

  /// What came in on one connection.
  struct Connection: Sendable {
    var level: UInt8 = 0
    var published = 0
    var saidFarewell = false
    /// The socket while it is open; whoever uses it holds the lock, because numbers come again.
    var descriptor: CInt?
  }

  let port: UInt16
  private let connections = Mutex<[Connection]>([])
  private let listener: CInt
  private let manner: Manner
  private let acknowledges: Bool

  init(_ manner: Manner = .refuses, acknowledges: Bool = true) throws {
    (listener, port) = try Loopback.listen(backlog: 8)
    self.manner = manner
    self.acknowledges = acknowledges
    let failure = DetachedThread.start { [self] in
      while case let descriptor = accept(listener, nil, nil), descriptor >= 0 { serve(descriptor) }
      Glibc.close(listener)
    }
    if let failure { throw SetupFailure(description: failure) }
  }

  /// Everything so far.
  var log: [Connection] { connections.withLock { $0 } }

  /// Cuts the last connection.
  func cut() {
    connections.withLock { connections in
      if let descriptor = connections.last?.descriptor { shutdown(descriptor, CInt(SHUT_RDWR)) }
    }
  }

  /// Ends the listening thread.
  func close() {
    cut()
    shutdown(listener, CInt(SHUT_RDWR))
  }

  private func serve(_ descriptor: CInt) {
    connections.withLock { $0.append(Connection(descriptor: descriptor)) }
    defer {
      change {
        Glibc.close(descriptor)
        $0.descriptor = nil
      }
    }
    while let (kind, body) = packet(descriptor) {
      switch kind & 0xF0 {
      case 0x10:
        let level = body.count > 6 ? body[6] : 0
        change { $0.level = level }
        guard level == 5 else {
          answer(descriptor, [0x20, 2, 0, 0])
          continue
        }
        switch manner {
        case .refuses: answer(descriptor, [0x20, 2, 0, 0x01])
        case .refusesAsMQTT5: answer(descriptor, [0x20, 3, 0, 0x84, 0])
        case .closes: break
        case .accepts(let properties, _):
          let count = UInt8(properties.count)
          answer(descriptor, [0x20, 3 + count, 0, 0, count] + properties)
          continue
        }
        return
      case 0x30:
        change { $0.published += 1 }
        if case .accepts(_, let packet) = manner {
          answer(descriptor, packet)
          continue
        }
        let topic = Int(body[0]) << 8 | Int(body[1])
        if kind & 0x06 == 0x02, acknowledges {
          answer(descriptor, [0x40, 2, body[2 + topic], body[3 + topic]])
        }
      case 0xC0: answer(descriptor, [0xD0, 0])
      case 0xE0: change { $0.saidFarewell = true }
      default: break
      }
    }
  }

  private func change(_ body: (inout Connection) -> Void) {
    connections.withLock { if !$0.isEmpty { body(&$0[$0.count - 1]) } }
  }

  private func answer(_ descriptor: CInt, _ bytes: [UInt8]) {
    _ = send(descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL))
  }

  private func packet(_ descriptor: CInt) -> (kind: UInt8, body: [UInt8])? {
    guard let kind = bytes(descriptor, 1)?.first else { return nil }
    var length = 0
    for shift in stride(from: 0, to: 28, by: 7) {
      guard let byte = bytes(descriptor, 1)?.first else { return nil }
      length |= Int(byte & 0x7F) << shift
      if byte < 0x80 { break }
    }
    return bytes(descriptor, length).map { (kind, $0) }
  }

  private func bytes(_ descriptor: CInt, _ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        recv(descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, 0)
      }
      guard got > 0 else { return nil }
      filled += got
    }
    return bytes
  }
}
