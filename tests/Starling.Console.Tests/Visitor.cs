using Microsoft.Playwright;

namespace Starling.Console.Tests;

/// <summary>Somebody with a window of a width and a liking for light or dark. What the browser complains of is kept.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly string _name;
    private readonly List<string> _complaints = [];

    private Visitor(IBrowserContext context, IPage page, string name)
    {
        _context = context;
        _name = name;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => _complaints.Add(error);
    }

    public IPage Page { get; }

    public static async Task<Visitor> ComeAsync(RunningProgram program, int width, string theme)
    {
        var context = await program.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = program.Url,
            ViewportSize = new ViewportSize { Width = width, Height = 844 },
            ColorScheme = theme == "dark" ? ColorScheme.Dark : ColorScheme.Light,
        });
        context.SetDefaultTimeout(15_000);
        return new Visitor(context, await context.NewPageAsync(), $"{width}-{theme}");
    }

    /// <summary>The page fits into the window, and the browser complains of nothing. A picture is left where STARLING_SCREENSHOTS says, of the place <paramref name="at"/> where one is named.</summary>
    public async Task LookAsync(string what, ILocator? at = null)
    {
        if (at is not null)
        {
            await at.EvaluateAsync("e => e.scrollIntoView({ block: 'center' })");
        }
        if (Environment.GetEnvironmentVariable("STARLING_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{what}-{_name}.png") });
        }
        Assert.True(await Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{what} is wider than the window.");
        Assert.Empty(_complaints);
    }

    public async ValueTask DisposeAsync() => await _context.CloseAsync();
}
