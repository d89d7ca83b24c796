namespace Starling.Coap;

/// <summary>The one place where a handler's failure becomes a response.</summary>
internal static class ResponseMapper
{
    public static CoapMessage From(Exception failure, CoapTelemetry telemetry, Microsoft.Extensions.Logging.ILogger log, CoapMessage request)
    {
        if (failure is CoapErrorException error)
        {
            return CoapMessage.Error(error.Code, error.Message);
        }
        telemetry.CountHandlerFailure();
        Log.HandlerFailed(log, request.ToString(), failure);
        return CoapMessage.Error(CoapCode.InternalServerError, "The request failed here; the log says why.");
    }
}
