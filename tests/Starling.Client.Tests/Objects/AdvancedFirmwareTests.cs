using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Client.Tests;

/// <summary>Object 33629: an application and a modem that are updated alone or together.</summary>
public sealed class AdvancedFirmwareTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly SimulatedStorage _applicationStorage, _modemStorage;
    private readonly AdvancedFirmwareObject _application, _modem;

    public AdvancedFirmwareTests()
    {
        var definition = ObjectCatalog.Standard.Find(33629);
        (_applicationStorage, _modemStorage) = (new SimulatedStorage(_time), new SimulatedStorage(_time));
        _application = new AdvancedFirmwareObject(definition, 0, _time, "application", "1.0", _applicationStorage);
        _modem = new AdvancedFirmwareObject(definition, 1, _time, "modem", "1.0", _modemStorage);
        _application.Link(_modem);
        _ = new ObjectTree([_application.Instance, _modem.Instance]);
    }

    public void Dispose()
    {
        _applicationStorage.Dispose();
        _modemStorage.Dispose();
    }

    [Fact]
    public async Task Part_is_updated_alone_when_no_other_has_an_image()
    {
        ObjectAssert.Whole(_application.Instance);
        Assert.False(_application.Install());
        Deliver(_application);
        Assert.Empty(_application.Instance[16].ReadInstances()!);
        Assert.Equal(CoapCode.Changed, await UpdateAsync(null));
        await AdvanceAsync();
        Assert.Equal(["2.0 Idle Success", "1.0 Idle Initial"], [Text(_application), Text(_modem)]);
        Assert.Null(_application.Instance[17].ReadInstances());
    }

    [Fact]
    public async Task Linked_parts_that_are_ready_are_updated_together()
    {
        Deliver(_application);
        Deliver(_modem);
        Assert.Equal(["33629:1"], ObjectAssert.Texts(_application.Instance, 16));
        await UpdateAsync(null);
        await AdvanceAsync();
        Assert.Equal(["2.0 Idle Success", "2.0 Idle Success"], [Text(_application), Text(_modem)]);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0=''")]
    [InlineData("0='</33629/0>'")]
    public async Task Update_names_which_and_none_is_the_part_alone(string arguments)
    {
        Deliver(_application);
        Deliver(_modem);
        await UpdateAsync(arguments);
        await AdvanceAsync();
        Assert.Equal(["2.0 Idle Success", "1.0 Downloaded Initial"], [Text(_application), Text(_modem)]);
    }

    [Fact]
    public async Task Part_that_is_named_and_not_ready_is_a_dependency()
    {
        Deliver(_application);
        Assert.Equal(CoapCode.Changed, await UpdateAsync("0='</33629/1>'"));
        Assert.Equal("1.0 Downloaded DependencyError", Text(_application));
        Assert.Equal(["33629:1"], ObjectAssert.Texts(_application.Instance, 17));
        Deliver(_modem);
        await UpdateAsync("0='</33629/1>'");
        await AdvanceAsync();
        Assert.Equal(["2.0 Idle Success", "2.0 Idle Success"], [Text(_application), Text(_modem)]);
    }

    [Theory]
    [InlineData("0='</33629/7>'")]
    [InlineData("0='nonsense'")]
    [InlineData("0='")]
    public async Task Update_that_names_what_is_not_there_is_refused(string arguments)
    {
        Deliver(_application);
        Assert.Equal(CoapCode.BadRequest, (await Assert.ThrowsAsync<Lwm2mException>(() => UpdateAsync(arguments))).Code);
        Assert.Equal(FirmwareState.Downloaded, _application.State);
    }

    [Theory]
    [InlineData("Conflict", FirmwareResult.Conflict)]
    [InlineData("Dependency", FirmwareResult.DependencyError)]
    [InlineData("InstallFailed", FirmwareResult.UpdateFailed)]
    public async Task Problems_among_parts_have_results_of_their_own(string problem, FirmwareResult result)
    {
        Deliver(_application);
        _applicationStorage.InstallProblem = Enum.Parse<PackageProblem>(problem);
        await UpdateAsync(null);
        await AdvanceAsync();
        Assert.Equal((FirmwareState.Downloaded, result), (_application.State, _application.Result));
        ObjectAssert.Whole(_application.Instance);
    }

    private static void Deliver(AdvancedFirmwareObject part) =>
        Assert.Equal(CoapCode.Changed, ObjectAssert.Write(part.Instance, 0, SimulatedImage.Create(new("x", "2.0"), [1, 2, 3])).Code);

    private static string Text(AdvancedFirmwareObject part) => $"{part.Instance.Get(15)} {part.State} {part.Result}";

    private async Task<CoapCode> UpdateAsync(string? arguments) => (await ObjectAssert.ExecuteAsync(_application.Instance, 2, arguments)).Code;

    private async Task AdvanceAsync()
    {
        for (var i = 0; i < 4; i++)
        {
            await Settling.SettleAsync();
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        await Settling.SettleAsync();
    }
}
