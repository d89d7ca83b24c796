using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client.Tests;

public class ExecuteOperationTests
{
    [Theory]
    [InlineData("/3/0/9", "4.05")]
    [InlineData("/3/0", "4.05")]
    [InlineData("/3/0/5", "4.04")]
    [InlineData("/0/0/1", "4.01")]
    public async Task What_cannot_be_executed_has_its_code(string path, string code)
    {
        var tree = new ObjectTree([TestObjects.NewDevice()]);
        var response = await ExecuteOperation.AnswerAsync(tree, new Lwm2mRequest.Execute(Lwm2mPath.Parse(path)), default);
        Assert.Equal(code, response.Code.ToString());
    }

    [Fact]
    public async Task Delegate_gets_the_arguments_and_the_answer_waits_for_it()
    {
        string? got = null;
        var gate = new TaskCompletionSource();
        var tree = new ObjectTree([new ObjectInstance(TestObjects.Device, 0) { [4] = Resource.Execute((arguments, _) => { got = arguments; return gate.Task; }) }]);
        var answer = ExecuteOperation.AnswerAsync(tree, new Lwm2mRequest.Execute(new(3, 0, 4), "0='now'"), default).AsTask();
        Assert.Equal("0='now'", got);
        Assert.False(answer.IsCompleted);
        gate.SetResult();
        Assert.Equal(CoapCode.Changed, (await answer).Code);
    }
}
