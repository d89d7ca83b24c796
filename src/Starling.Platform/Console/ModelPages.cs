using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>The page of the models and its upload.</summary>
internal sealed class ModelPages(ModelStore models)
{
    private const int MaxSearch = 100;

    public void Map(WebApplication app)
    {
        app.Handle("GET", "/models", context => Show(context, null));
        app.Handle("POST", "/models", UploadAsync);
    }

    private RazorComponentResult<ModelsPage> Show(HttpContext context, ActionReport? report)
    {
        var search = context.Request.Query["q"].ToString().Trim();
        search = search.Length > MaxSearch ? search[..MaxSearch] : search;
        return ConsolePages.Page<ModelsPage>(context, ("Search", search), ("Found", Find(search)), ("Report", report));
    }

    /// <summary>The newest definitions in which the text occurs; a number is that object's.</summary>
    public IReadOnlyList<ObjectDefinition> Find(string search)
    {
        var isNumber = int.TryParse(search.TrimStart('/'), NumberStyles.None, CultureInfo.InvariantCulture, out var id);
        return [.. models.Catalog.All.Where(d => isNumber ? d.Id == id || d.Resources.Any(r => r.Id == id) : Says(d, search)).OrderBy(d => isNumber && d.Id != id)];
    }

    private static bool Says(ObjectDefinition definition, string search) =>
        Has(definition.Name, search) || Has(definition.Description, search) || definition.Resources.Any(r => Has(r.Name, search));

    private static bool Has(string text, string search) => text.Contains(search, StringComparison.OrdinalIgnoreCase);

    private async Task<IResult> UploadAsync(HttpContext context)
    {
        var (form, problem) = await ConsolePages.ReadFormAsync(context);
        if (problem is not null)
        {
            return problem.ToResult();
        }
        if (form!.Files.GetFile("file") is not { Length: > 0 } file)
        {
            return Show(context, new ActionReport(false, "The file is not taken.", "It is empty, or none was chosen."));
        }
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, context.RequestAborted);
        return Show(context, models.Add(bytes.ToArray()));
    }
}
