using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Starling.Architecture.Tests;

/// <summary>What an assembly shows to the outside, one line a type or member, in an order that does not depend on the build.</summary>
internal static class Surface
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static IReadOnlyList<string> Of(Assembly assembly) =>
        [.. assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal).SelectMany(Lines)];

    private static IEnumerable<string> Lines(Type type)
    {
        yield return $"{Kind(type)} {Name(type)}{Parents(type)}";
        var members = type.IsEnum
            ? Enum.GetNames(type).Select(n => $"{n} = {Convert.ToInt64(Enum.Parse(type, n), CultureInfo.InvariantCulture)}")
            : Members(type).Order(StringComparer.Ordinal);
        foreach (var member in members)
        {
            yield return "  " + member;
        }
    }

    private static IEnumerable<string> Members(Type type)
    {
        foreach (var field in type.GetFields(Own).Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly))
        {
            yield return $"{Static(field.IsStatic)}{(field.IsLiteral ? "const " : field.IsInitOnly ? "readonly " : "")}{Name(field.FieldType)} {field.Name}{Constant(field)}";
        }
        foreach (var constructor in type.GetConstructors(Own).Where(c => IsVisible(c) && !IsCompilersOwn(c)))
        {
            yield return $"new({Parameters(constructor)})";
        }
        foreach (var property in type.GetProperties(Own).Where(p => p.GetAccessors(true).Any(IsVisible) && p.Name != "EqualityContract"))
        {
            yield return Describe(property);
        }
        foreach (var raised in type.GetEvents(Own).Where(e => IsVisible(e.AddMethod!)))
        {
            yield return $"event {Name(raised.EventHandlerType!)} {raised.Name}";
        }
        foreach (var method in type.GetMethods(Own).Where(m => IsVisible(m) && !IsCompilersOwn(m)))
        {
            var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";
            yield return $"{Static(method.IsStatic)}{Virtual(method)}{Name(method.ReturnType)} {method.Name}{generic}({Parameters(method)})";
        }
    }

    private static string Describe(PropertyInfo property)
    {
        var one = property.GetAccessors(true).First(IsVisible);
        var get = property.GetMethod is { } g && IsVisible(g) ? "get; " : "";
        var set = property.SetMethod is { } s && IsVisible(s)
            ? s.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init; " : "set; "
            : "";
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var index = property.GetIndexParameters();
        var name = index.Length == 0 ? property.Name : $"this[{string.Join(", ", index.Select(p => Name(p.ParameterType)))}]";
        return $"{Static(one.IsStatic)}{Virtual(one)}{required}{Name(property.PropertyType)} {name} {{ {get}{set}}}";
    }

    private static string Kind(Type type)
    {
        if (type.IsInterface || type.IsEnum)
        {
            return type.IsInterface ? "interface" : "enum";
        }
        if (type.IsSubclassOf(typeof(Delegate)))
        {
            return "delegate";
        }
        if (type.IsValueType)
        {
            return (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + (type.IsByRefLike ? "ref struct" : "struct");
        }
        return type switch { { IsAbstract: true, IsSealed: true } => "static class", { IsAbstract: true } => "abstract class", { IsSealed: true } => "sealed class", _ => "class" };
    }

    private static string Parents(Type type)
    {
        var above = type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) && b != typeof(Enum) && b != typeof(MulticastDelegate) ? [b] : Type.EmptyTypes;
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        var parents = above.Select(Name).Concat(type.IsEnum ? [] : type.GetInterfaces().Except(inherited).Select(Name).Order(StringComparer.Ordinal));
        return string.Join(", ", parents) is { Length: > 0 } text ? " : " + text : "";
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed);

    // What a record or an accessor brings along is told by the type and the property.
    private static bool IsCompilersOwn(ConstructorInfo constructor) => constructor.IsDefined(typeof(CompilerGeneratedAttribute));

    private static bool IsCompilersOwn(MethodInfo method) =>
        method.Name.StartsWith('<') || method.IsDefined(typeof(CompilerGeneratedAttribute)) || (method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal));

    private static string Static(bool isStatic) => isStatic ? "static " : "";

    private static string Virtual(MethodBase method) =>
        method.IsFamily || method.IsFamilyOrAssembly ? "protected " : method.IsAbstract ? "abstract " : method.IsVirtual && !method.IsFinal && !method.DeclaringType!.IsSealed ? "virtual " : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Describe));

    private static string Describe(ParameterInfo parameter)
    {
        var way = parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? parameter.IsIn ? "in " : "ref " : "";
        var preset = !parameter.HasDefaultValue ? ""
            : parameter.RawDefaultValue is null && parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null ? " = default"
            : $" = {Text(parameter.RawDefaultValue)}";
        return $"{way}{Name(parameter.ParameterType)} {parameter.Name}{preset}";
    }

    private static string Constant(FieldInfo field) => field.IsLiteral ? $" = {Text(field.GetRawConstantValue())}" : "";

    private static string Text(object? value) => value switch
    {
        null => "null",
        string s => $"\"{s}\"",
        bool b => b ? "true" : "false",
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Name(Type type)
    {
        if (type.IsByRef || type.IsArray)
        {
            return Name(type.GetElementType()!) + (type.IsArray ? "[]" : "");
        }
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Name(value) + "?";
        }
        var name = type.DeclaringType is { } outer && !type.IsGenericParameter ? $"{Name(outer)}.{type.Name}" : type.Name;
        if (!type.IsGenericType)
        {
            return name;
        }
        return $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
