using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Starling.Server;

namespace Starling.Platform;

/// <summary>The credentials of devices: a list in pages, new ones, rotation, removal, and why a device is let in or not. Keys only ever come in.</summary>
internal sealed class CredentialsApi(DeviceCredentials credentials, CredentialTrial trial)
{
    private const int MaxOverlap = 365 * 24 * 3600;

    public void Map(RouteGroupBuilder api)
    {
        api.Handle("GET", "/credentials", List);
        api.Handle("POST", "/credentials", AddAsync);
        api.Handle("POST", "/credentials/import", ImportAsync);
        api.Handle("POST", "/credentials/explain", ExplainAsync);
        // Ids have 16 characters: import and explain are none.
        api.Handle("GET", "/credentials/{id:minlength(8)}", Get);
        api.Handle("PATCH", "/credentials/{id:minlength(8)}", ChangeAsync);
        api.Handle("DELETE", "/credentials/{id:minlength(8)}", RemoveAsync);
        api.Handle("POST", "/credentials/{id:minlength(8)}/rotate", RotateAsync);
    }

    private IResult List(HttpContext context)
    {
        if (!CredentialQuery.TryRead(context.Request.Query, out var query, out var problem))
        {
            return problem!.ToResult();
        }
        var (page, after) = query.Find(credentials);
        return JsonAnswer.Ok(new JsonObject
        {
            ["items"] = new JsonArray([.. page.Select(Show)]),
            ["next"] = after is null ? null : string.Create(CultureInfo.InvariantCulture, $"/api/v1/credentials?limit={query.Limit}&after={Uri.EscapeDataString(after)}{query.Filter}"),
        });
    }

    private IResult Get(HttpContext context) =>
        credentials.Find(IdOf(context)) is { } found ? JsonAnswer.Ok(Show(found)) : Unknown(context);

    private async Task<IResult> AddAsync(HttpContext context)
    {
        var (body, problem) = await JsonBody.ReadAsync(context, CredentialBody.Names);
        using var read = body;
        if (problem is not null || !CredentialBody.TryRead(body!, credentials, out var told, out problem) || !told.TryMake(out var credential, out problem))
        {
            return problem!.ToResult();
        }
        return await credentials.AddAsync([credential], context.RequestAborted) is { } refusal ? Refused(refusal) : Created(credential, told.Generated);
    }

    private async Task<IResult> ImportAsync(HttpContext context)
    {
        var (body, problem) = await JsonBody.ReadAsync(context, "csv", "dryRun");
        using var read = body;
        if (problem is not null)
        {
            return problem.ToResult();
        }
        if (!body!.TryGet("csv", out var csv) || csv.ValueKind != JsonValueKind.String)
        {
            return ApiProblem.BadField("csv", "\"csv\" is the table as one text.").ToResult();
        }
        if (body.TryGet("dryRun", out var dry) && dry.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            return ApiProblem.BadField("dryRun", "\"dryRun\" is true or false.").ToResult();   // whoever asks for a trial in other words gets no import
        }
        var isTrial = dry.ValueKind == JsonValueKind.True;
        var import = CredentialImport.Read(csv.GetString()!, credentials);
        if (import.Problems.Count == 0 && !isTrial && await credentials.AddAsync(import.Credentials, context.RequestAborted) is { } refusal)
        {
            return Refused(refusal);
        }
        var answer = new JsonObject
        {
            ["credentials"] = import.Credentials.Count,
            ["added"] = import.Problems.Count == 0 && !isTrial,
            ["problems"] = new JsonArray([.. import.Problems.Select(p => new JsonObject { ["line"] = p.Line, ["problem"] = p.Text })]),
            ["warnings"] = new JsonArray([.. import.Warnings.Select(w => new JsonObject { ["line"] = w.Line, ["warning"] = w.Text })]),
        };
        return JsonAnswer.Ok(answer);
    }

    private async Task<IResult> RotateAsync(HttpContext context)
    {
        var (body, problem) = await JsonBody.ReadAsync(context, [.. CredentialBody.Names.Where(n => n != "endpoint"), "overlap"]);
        using var read = body;
        if (credentials.Find(IdOf(context)) is not { } old)
        {
            return Unknown(context);
        }
        TimeSpan? overlap = null;
        if (problem is null && body!.TryGet("overlap", out var given))
        {
            problem = given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out var seconds) && seconds is >= 0 and <= MaxOverlap
                ? null
                : ApiProblem.BadField("overlap", string.Create(CultureInfo.InvariantCulture, $"\"overlap\" is how many seconds both count, 0 to {MaxOverlap}."));
            overlap = problem is null ? TimeSpan.FromSeconds(given.GetInt32()) : null;
        }
        var told = new CredentialBody(_ => null, credentials);
        if (problem is not null || (!body!.IsEmpty && !CredentialBody.TryRead(body, credentials, out told, out problem)) || !told.TryMake(out var next, out problem, old))
        {
            return problem!.ToResult();
        }
        next = trial.InPlaceOf(old, next);
        return await credentials.RotateAsync(old.Id, next, overlap, context.RequestAborted) is { } refusal ? Refused(refusal) : Created(next, told.Generated);
    }

    private async Task<IResult> ChangeAsync(HttpContext context)
    {
        var (body, problem) = await JsonBody.ReadAsync(context, "enabled");
        using var read = body;
        if (problem is null && (!body!.TryGet("enabled", out var enabled) || enabled.ValueKind is not (JsonValueKind.True or JsonValueKind.False)))
        {
            problem = ApiProblem.BadField("enabled", "\"enabled\" is true or false.");
        }
        if (problem is not null)
        {
            return problem.ToResult();
        }
        body!.TryGet("enabled", out var value);
        return await credentials.EnableAsync(IdOf(context), value.GetBoolean(), context.RequestAborted) is { } refusal
            ? Refused(refusal)
            : JsonAnswer.Ok(Show(credentials.Find(IdOf(context))!));
    }

    private async Task<IResult> RemoveAsync(HttpContext context) =>
        await credentials.RemoveAsync(IdOf(context), context.RequestAborted) is { } refusal ? Refused(refusal) : Results.NoContent();

    private async Task<IResult> ExplainAsync(HttpContext context)
    {
        var (body, problem) = await JsonBody.ReadAsync(context, CredentialTrial.Names);
        using var read = body;
        if (problem is not null)
        {
            return problem.ToResult();
        }
        string? Text(string name) => body!.TryGet(name, out var member) ? member.ToString() : null;
        return trial.TryRun(Text, out var answer, out problem) ? JsonAnswer.Ok(answer.ToJson()) : problem!.ToResult();
    }

    private JsonAnswer Created(Credential credential, byte[]? generated)
    {
        var body = Show(credentials.Find(credential.Id) ?? credential);
        if (generated is not null)
        {
            body["pskKey"] = Convert.ToHexStringLower(generated);   // the only time that a key goes out: nobody has seen it yet
        }
        return JsonAnswer.Created($"/api/v1/credentials/{credential.Id}", body);
    }

    private JsonObject Show(Credential credential) => CredentialJson.Write(credential, credentials.StateOf(credential));

    private static string IdOf(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private static IResult Unknown(HttpContext context) =>
        Refused(new CredentialRefusal(0, CredentialRefusalKind.Unknown, $"There is no credential '{IdOf(context)}'."));

    private static IResult Refused(CredentialRefusal refusal) => ProblemOf(refusal).ToResult();

    /// <summary>A refusal as the API tells it.</summary>
    public static ApiProblem ProblemOf(CredentialRefusal refusal) => refusal.Kind switch
    {
        CredentialRefusalKind.Unusable => ApiProblem.BadField("body", refusal.Why),
        CredentialRefusalKind.Unknown => new ApiProblem(StatusCodes.Status404NotFound, ProblemSide.Server, "No such credential.", refusal.Why) { Field = "id" },
        CredentialRefusalKind.Taken => new ApiProblem(StatusCodes.Status409Conflict, ProblemSide.Server, "There is one already.", refusal.Why),
        _ => new ApiProblem(StatusCodes.Status503ServiceUnavailable, ProblemSide.Server, "There is no room.", refusal.Why),
    };
}
