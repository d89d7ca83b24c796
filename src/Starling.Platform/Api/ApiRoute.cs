namespace Starling.Platform;

/// <summary>Routes whose handlers read the request themselves: plain functions, without the framework's binding by reflection.</summary>
internal static class ApiRoute
{
    public static void Handle(this IEndpointRouteBuilder api, string method, string pattern, Func<HttpContext, Task<IResult>> handler) =>
        api.MapMethods(pattern, [method], async context =>
        {
            var result = await handler(context);
            await result.ExecuteAsync(context);
        });

    public static void Handle(this IEndpointRouteBuilder api, string method, string pattern, Func<HttpContext, IResult> handler) =>
        api.MapMethods(pattern, [method], context => handler(context).ExecuteAsync(context));
}
