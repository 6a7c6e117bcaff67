import CCurl
import Dispatch
public import Runtime

/// Sends bodies to web servers over libcurl, each on a thread of its own.
///
/// HTTP and HTTPS; certificates are checked; redirects are not followed and no proxy is used, so that a
/// request goes where the board file says. The library is loaded with the first request.
public struct HTTPPoster: WitnessTransport {
  private static let connectLimit: Duration = .seconds(10)
  private static let limit: Duration = .seconds(30)
  /// The most bytes of a response.
  private static let responseByteCount = 64 * 1024
  /// Loading is not for two threads at once.
  private static let loading = DispatchQueue(label: "libcurl")

  /// A poster.
  public init() {}

  /// Sends a body and gives the response.
  public func post(
    _ body: [UInt8], to url: String, trusting authorityFile: String?
  ) async throws(WitnessTransportFailure) -> WitnessResponse {
    let result: Result<WitnessResponse, WitnessTransportFailure> =
      await withCheckedContinuation { continuation in
        // A thread of the shared pool would be missing elsewhere while a server is silent.
        DispatchQueue(label: "HTTP").async {
          continuation.resume(returning: Self.postNow(body, url, authorityFile))
        }
      }
    return try result.get()
  }

  private static func postNow(
    _ body: [UInt8], _ url: String, _ authorityFile: String?
  ) -> Result<WitnessResponse, WitnessTransportFailure> {
    if let reason = load() { return .failure(WitnessTransportFailure(reason: reason)) }
    var received = [UInt8](repeating: 0, count: responseByteCount)
    var response = cairn_curl_response()
    let code = url.withCString { url in
      withOptionalCString(authorityFile) { authorityFile in
        body.withUnsafeBufferPointer { body in
          received.withUnsafeMutableBufferPointer { received in
            var request = cairn_curl_request()
            request.url = url
            request.body = body.baseAddress
            request.body_length = body.count
            request.ca_file = authorityFile
            request.connect_timeout_ms = milliseconds(connectLimit)
            request.timeout_ms = milliseconds(limit)
            response.body = received.baseAddress
            response.capacity = received.count
            return cairn_curl_post(&request, &response)
          }
        }
      }
    }
    if response.is_too_long != 0 {
      return .failure(
        WitnessTransportFailure(reason: "its answer has more than \(responseByteCount) bytes"))
    }
    guard code == 0 else {
      return .failure(WitnessTransportFailure(reason: text(&response.error)))
    }
    let type = text(&response.content_type)
    return .success(
      WitnessResponse(
        status: Int(response.status), contentType: type.isEmpty ? nil : type,
        body: Array(received.prefix(response.length))))
  }

  private static func load() -> String? {
    loading.sync {
      var error = [CChar](repeating: 0, count: 256)
      guard cairn_curl_load(&error, error.count) != 0 else { return nil }
      return "libcurl is needed for witnesses: " + text(&error)
    }
  }

  private static func text<Characters>(_ characters: inout Characters) -> String {
    withUnsafeBytes(of: &characters) { raw in
      String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  private static func text(_ characters: inout [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static func milliseconds(_ duration: Duration) -> Int {
    Int(duration.components.seconds) * 1000
  }

  private static func withOptionalCString<Result>(
    _ text: String?, _ work: (UnsafePointer<CChar>?) -> Result
  ) -> Result {
    guard let text else { return work(nil) }
    return text.withCString(work)
  }
}
