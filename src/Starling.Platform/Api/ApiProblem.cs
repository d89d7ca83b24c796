using System.Text.Json.Nodes;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Why a request was not done, as problem+json (RFC 9457): which side said no, and why.</summary>
internal sealed record ApiProblem(int Status, ProblemSide Side, string Title, string Detail)
{
    /// <summary>The part of the request that is wrong.</summary>
    public string? Field { get; init; }
    /// <summary>What is wrong with a value: its <c>type</c>, or its <c>range</c>.</summary>
    public string? Reason { get; init; }
    /// <summary>The device's code.</summary>
    public CoapCode? Code { get; init; }
    /// <summary>The operation's id.</summary>
    public CoapToken? Operation { get; init; }
    /// <summary>The methods that there are instead.</summary>
    public string? Allow { get; init; }

    /// <summary>The request itself is wrong in this field.</summary>
    public static ApiProblem BadField(string field, string detail) =>
        new(StatusCodes.Status400BadRequest, ProblemSide.Request, "The request cannot be used.", detail) { Field = field };

    public static ApiProblem UnknownEndpoint(string endpoint) =>
        new(StatusCodes.Status404NotFound, ProblemSide.Server, "No such device.", $"No device is registered with the endpoint name '{endpoint}'.") { Field = "endpoint" };

    public static ApiProblem NoSuchMethod(string detail, string allow) =>
        new(StatusCodes.Status405MethodNotAllowed, ProblemSide.Request, "The path has no such operation.", detail) { Allow = allow };

    /// <summary>The device answered, and its answer is no.</summary>
    public static ApiProblem Refused(Lwm2mResponse response) =>
        new(StatusOf(response.Code), ProblemSide.Device, "The device refused.", Explain(response)) { Code = response.Code, Operation = response.Operation };

    /// <summary>The device answered yes with values that cannot be read.</summary>
    public static ApiProblem Unreadable(Lwm2mResponse response) =>
        new(StatusCodes.Status502BadGateway, ProblemSide.Device, "The device's answer cannot be read.", response.Diagnostic)
        { Code = response.Code, Operation = response.Operation };

    /// <summary>There was no answer.</summary>
    public static ApiProblem From(CoapException failure) => failure switch
    {
        CoapTimeoutException => NoAnswer(failure.Message),
        PeerLostException => new(StatusCodes.Status504GatewayTimeout, ProblemSide.Device, "The device is not there.", failure.Message),
        NoCompositesException => new(StatusCodes.Status502BadGateway, ProblemSide.Device, "The device knows no composite operations.", failure.Message),
        CoapRejectedException => new(StatusCodes.Status502BadGateway, ProblemSide.Device, "The device reset the request.", failure.Message),
        CoapBusyException => new(StatusCodes.Status503ServiceUnavailable, ProblemSide.Server, "Nothing was sent.", failure.Message),
        _ => new(StatusCodes.Status502BadGateway, ProblemSide.Device, "The device's answer cannot be used.", failure.Message),
    };

    /// <summary>What was asked for could not be kept, and was not done.</summary>
    public static ApiProblem NotKept(string detail) => new(StatusCodes.Status503ServiceUnavailable, ProblemSide.Server, "It could not be kept.", detail);

    public static ApiProblem NoAnswer(string detail) => new(StatusCodes.Status504GatewayTimeout, ProblemSide.Device, "The device did not answer.", detail);

    /// <summary>The answer to the caller.</summary>
    public IResult ToResult()
    {
        var body = new JsonObject
        {
            ["type"] = "about:blank",
            ["title"] = Title,
            ["status"] = Status,
            ["detail"] = Detail,
            ["side"] = Side switch { ProblemSide.Request => "request", ProblemSide.Server => "server", _ => "device" },
        };
        Add(body, "field", Field);
        Add(body, "reason", Reason);
        Add(body, "coapCode", Code?.ToString());
        Add(body, "operation", Operation?.ToString());
        return new JsonAnswer(Status, body) { ContentType = "application/problem+json", Allow = Allow };
    }

    private static void Add(JsonObject body, string name, string? value)
    {
        if (value is not null)
        {
            body[name] = value;
        }
    }

    private static int StatusOf(CoapCode code) => code switch
    {
        _ when code == CoapCode.BadRequest => StatusCodes.Status400BadRequest,
        _ when code == CoapCode.Unauthorized || code == CoapCode.Forbidden => StatusCodes.Status403Forbidden,
        _ when code == CoapCode.NotFound => StatusCodes.Status404NotFound,
        _ when code == CoapCode.MethodNotAllowed => StatusCodes.Status405MethodNotAllowed,
        _ when code == CoapCode.NotAcceptable => StatusCodes.Status406NotAcceptable,
        _ when code == CoapCode.Conflict => StatusCodes.Status409Conflict,
        _ when code == CoapCode.RequestEntityTooLarge => StatusCodes.Status413PayloadTooLarge,
        _ when code == CoapCode.UnsupportedContentFormat => StatusCodes.Status415UnsupportedMediaType,
        _ when code == CoapCode.ServiceUnavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status502BadGateway,
    };

    private static string Explain(Lwm2mResponse response)
    {
        var meaning = Meaning(response.Code);
        var said = response.Diagnostic.Length > 0 ? $" It says: {response.Diagnostic}" : "";
        return $"It answered {response.Code}{(meaning.Length > 0 ? $" ({meaning})" : "")}.{said}";
    }

    private static string Meaning(CoapCode code) => code switch
    {
        _ when code == CoapCode.BadRequest => "bad request",
        _ when code == CoapCode.Unauthorized => "this server has no right to do that",
        _ when code == CoapCode.BadOption => "an option of the request is not understood",
        _ when code == CoapCode.Forbidden => "forbidden",
        _ when code == CoapCode.NotFound => "it has no such object, instance or resource",
        _ when code == CoapCode.MethodNotAllowed => "that cannot be done with this path",
        _ when code == CoapCode.NotAcceptable => "it has no content format that was asked for",
        _ when code == CoapCode.RequestEntityTooLarge => "too large for it",
        _ when code == CoapCode.UnsupportedContentFormat => "it does not know the content format",
        _ when code == CoapCode.InternalServerError => "it failed",
        _ when code == CoapCode.NotImplemented => "it does not know that operation",
        _ when code == CoapCode.ServiceUnavailable => "it is busy",
        _ => "",
    };
}

/// <summary>Who said no.</summary>
internal enum ProblemSide
{
    /// <summary>What was asked makes no sense.</summary>
    Request,
    /// <summary>This server.</summary>
    Server,
    /// <summary>The device, or the way to it.</summary>
    Device,
}
