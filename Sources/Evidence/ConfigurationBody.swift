public import MerkleLog

/// The body of a configuration entry (type 5): everything that data after it depends on.
///
/// `{1: SHA-256 of the board file, ?2: the board file, 3: runtime version, 4: {sensor: [driver,
/// revision, calibration or null]}, 5: {kernel: [kind, revision, parameters]}}`.
public struct ConfigurationBody: Hashable, Sendable {
  /// A sensor's driver and factory calibration.
  public struct Sensor: Hashable, Sendable {
    /// The sensor's name.
    public let name: String
    /// The driver's name.
    public let driver: String
    /// The driver's revision, which changes when its arithmetic does.
    public let driverRevision: UInt64
    /// The factory calibration as read from the chip, if it has one.
    public let calibration: [UInt8]?

    /// A sensor with its driver.
    public init(name: String, driver: String, driverRevision: UInt64, calibration: [UInt8]?) {
      self.name = name
      self.driver = driver
      self.driverRevision = driverRevision
      self.calibration = calibration
    }
  }

  /// A kernel with its parameters.
  public struct Kernel: Hashable, Sendable {
    /// The kernel's name.
    public let name: String
    /// What kind of kernel it is.
    public let kind: String
    /// The kind's revision, which changes when its arithmetic does.
    public let revision: UInt64
    /// The parameters, pairs of a map.
    public let parameters: [CBOR.Pair]

    /// A kernel with its parameters.
    public init(name: String, kind: String, revision: UInt64, parameters: [CBOR.Pair]) {
      self.name = name
      self.kind = kind
      self.revision = revision
      self.parameters = parameters
    }
  }

  /// SHA-256 of the board file's bytes.
  public let boardFileDigest: Hash
  /// The board file's bytes, when the configuration says to record them in full.
  public let boardFile: [UInt8]?
  /// The runtime's version.
  public let runtimeVersion: String
  /// The sensors, sorted as map keys are.
  public let sensors: [Sensor]
  /// The kernels, sorted as map keys are.
  public let kernels: [Kernel]

  /// A configuration that records the board file in full, or only its digest.
  public init(
    boardFile: [UInt8], recordingFile: Bool, runtimeVersion: String, sensors: [Sensor],
    kernels: [Kernel]
  ) {
    self.init(
      boardFileDigest: .digest(of: boardFile), boardFile: recordingFile ? boardFile : nil,
      runtimeVersion: runtimeVersion, sensors: sensors, kernels: kernels)
  }

  private init(
    boardFileDigest: Hash, boardFile: [UInt8]?, runtimeVersion: String, sensors: [Sensor],
    kernels: [Kernel]
  ) {
    self.boardFileDigest = boardFileDigest
    self.boardFile = boardFile
    self.runtimeVersion = runtimeVersion
    self.sensors = sensors.sorted { CBOR.precedes($0.name, $1.name) }
    self.kernels = kernels.sorted { CBOR.precedes($0.name, $1.name) }
  }

  /// The body as a CBOR map.
  public var cbor: CBOR {
    var pairs = [CBOR.Pair(1, .bytes(boardFileDigest.bytes))]
    if let boardFile { pairs.append(CBOR.Pair(2, .bytes(boardFile))) }
    pairs.append(CBOR.Pair(3, .text(runtimeVersion)))
    pairs.append(
      CBOR.Pair(
        4,
        .map(
          sensors.map { sensor in
            let calibration = sensor.calibration.map { CBOR.bytes($0) } ?? .null
            return CBOR.Pair(
              .text(sensor.name),
              .array([.text(sensor.driver), .unsigned(sensor.driverRevision), calibration]))
          })))
    pairs.append(
      CBOR.Pair(
        5,
        .map(
          kernels.map { kernel in
            CBOR.Pair(
              .text(kernel.name),
              .array([
                .text(kernel.kind), .unsigned(kernel.revision), .map(kernel.parameters),
              ]))
          })))
    return .map(pairs)
  }

  /// The configuration in a CBOR map.
  ///
  /// - Throws: ``EntryError/field(_:_:)`` naming the part; also when the board file's bytes do not
  ///   have the digest beside them.
  public init(cbor: CBOR) throws(EntryError) {
    guard let pairs = cbor.mapValue else { throw .field("8 (body)", "is not a map") }
    for pair in pairs {
      guard case .unsigned(1...5) = pair.key else {
        throw .field("8 (body) key \(pair.key)", "is unknown in a configuration")
      }
    }
    guard let digest = cbor[1]?.hash32 else {
      throw .field("8 (body) key 1", "is not a digest of 32 bytes")
    }
    let file = cbor[2]?.bytesValue
    guard (file == nil) == (cbor[2] == nil) else {
      throw .field("8 (body) key 2", "is not bytes")
    }
    if let file, Hash.digest(of: file) != digest {
      throw .field("8 (body) key 2", "does not have the digest in key 1")
    }
    guard let version = cbor[3]?.textValue else { throw .field("8 (body) key 3", "is not text") }
    let sensors = cbor[4]?.mapValue?.compactMap { Sensor(pair: $0) }
    guard let sensors, sensors.count == cbor[4]?.mapValue?.count else {
      throw .field("8 (body) key 4", "is not a map of [driver, revision, calibration]")
    }
    let kernels = cbor[5]?.mapValue?.compactMap { Kernel(pair: $0) }
    guard let kernels, kernels.count == cbor[5]?.mapValue?.count else {
      throw .field("8 (body) key 5", "is not a map of [kind, revision, parameters]")
    }
    self.init(
      boardFileDigest: digest, boardFile: file, runtimeVersion: version, sensors: sensors,
      kernels: kernels)
  }
}

extension CBOR.Pair {
  init(_ key: UInt64, _ value: CBOR) { self.init(.unsigned(key), value) }
}

extension ConfigurationBody.Sensor {
  fileprivate init?(pair: CBOR.Pair) {
    guard let name = pair.key.textValue, let parts = pair.value.arrayValue, parts.count == 3,
      let driver = parts[0].textValue, let revision = parts[1].unsignedValue,
      parts[2] == .null || parts[2].bytesValue != nil
    else { return nil }
    self.init(
      name: name, driver: driver, driverRevision: revision, calibration: parts[2].bytesValue)
  }
}

extension ConfigurationBody.Kernel {
  fileprivate init?(pair: CBOR.Pair) {
    guard let name = pair.key.textValue, let parts = pair.value.arrayValue, parts.count == 3,
      let kind = parts[0].textValue, let revision = parts[1].unsignedValue,
      let parameters = parts[2].mapValue
    else { return nil }
    self.init(name: name, kind: kind, revision: revision, parameters: parameters)
  }
}
