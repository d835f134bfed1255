using Faultline.Explain.Images;
using Faultline.Explain.Reports;

namespace Faultline.Explain.Explanations;

/// <summary>Looks places of a report up in the images.</summary>
internal sealed class PlaceResolver
{
    private readonly ExplainContext _context;

    /// <summary>A trace names the same functions again and again.</summary>
    private readonly Dictionary<(string Symbol, bool IsReturn), PlaceView> _known = [];

    /// <summary>Looks up in the images of one report.</summary>
    public PlaceResolver(ExplainContext context)
    {
        _context = context;
    }

    /// <summary>Looks up an instruction pointer.</summary>
    public PlaceView Resolve(RegisterFrame frame) => Resolve(frame.Symbol, frame.InstructionPointer, false, frame.IsUser == true);

    /// <summary>Looks up a return address: the call is the instruction before it.</summary>
    public PlaceView Resolve(TraceEntry entry) => Resolve(entry.Symbol, entry.Address, true, false) with { Entry = entry };

    private PlaceView Resolve(SymbolReference? symbol, ulong? address, bool isReturn, bool isUser)
    {
        if (symbol is null)
            return ResolveAddress(address, isReturn, isUser);
        (string, bool) key = (symbol.ToString(), isReturn);
        if (!_known.TryGetValue(key, out PlaceView? view))
            _known[key] = view = ResolveSymbol(symbol, isReturn);
        return view with { Address = address };
    }

    private PlaceView ResolveSymbol(SymbolReference symbol, bool isReturn)
    {
        PlaceView view = new() { Symbol = symbol };
        if (!_context.Images.Any(image => image.ModuleName == symbol.Module))
            return view with { Check = SymbolCheck.NoImage };
        if (Find(symbol) is not { } found)
            return view with { Check = SymbolCheck.Missing, CheckText = "no image has a symbol of this name" };
        (ISymbolSource source, IReadOnlyList<ImageSymbol> candidates) = found;
        ImageSymbol match = candidates[0];
        if (symbol.Size != 0)
        {
            IReadOnlyList<ImageSymbol> same = [.. candidates.Where(candidate => Agrees(candidate, symbol.Size))];
            if (same.Count == 0)
            {
                string sizes = string.Join(", ", candidates.Select(Extent).Where(size => size != 0).Distinct().Take(4).Select(size => $"0x{size:x}"));
                return sizes.Length == 0
                    ? Locate(view with { Check = SymbolCheck.Unsized }, source, match, symbol, isReturn)
                    : view with { Check = SymbolCheck.Differs, CheckText = $"{source.Name} has it with a size of {sizes}" };
            }
            if (same.Count > 1)
                return view with { Check = SymbolCheck.Ambiguous, CheckText = $"{source.Name} has {same.Count} symbols of this name and size" };
            return Locate(view with { Check = SymbolCheck.Matches }, source, same[0], symbol, isReturn);
        }
        return candidates.Count == 1
            ? Locate(view with { Check = SymbolCheck.Unsized }, source, match, symbol, isReturn)
            : view with { Check = SymbolCheck.Ambiguous, CheckText = $"{source.Name} has {candidates.Count} symbols of this name" };
    }

    private (ISymbolSource Source, IReadOnlyList<ImageSymbol> Symbols)? Find(SymbolReference symbol)
    {
        if (_context.Find(symbol.Name, symbol.Module) is { } exact)
            return exact;
        // ThinLTO's suffix depends on the build's paths; a symbol without it is the same function if its size agrees.
        int suffix = symbol.Name.IndexOf(".llvm.", StringComparison.Ordinal);
        return suffix > 0 ? _context.Find(symbol.Name[..suffix], symbol.Module) : null;
    }

    /// <summary>Adds the source, from the first image that has line tables: the symbols may be a System.map's.</summary>
    private PlaceView Locate(PlaceView view, ISymbolSource source, ImageSymbol match, SymbolReference symbol, bool isReturn)
    {
        ulong address = match.Address + symbol.Offset;
        ulong looked = isReturn && symbol.Offset > 0 ? address - 1 : address;
        IReadOnlyList<SourceFrame> frames = source.FindSource(looked);
        if (frames.Count == 0 && !source.IsRelocatable)
        {
            foreach (ISymbolSource other in _context.Images)
            {
                if (other != source && other.ModuleName == symbol.Module && other.FindName(match.Name).Any(same => same.Address == match.Address))
                    frames = other.FindSource(looked);
                if (frames.Count > 0)
                    break;
            }
        }
        return view with { LinkAddress = address, Source = frames };
    }

    private PlaceView ResolveAddress(ulong? address, bool isReturn, bool isUser)
    {
        PlaceView view = new() { Address = address, Check = SymbolCheck.NoImage };
        // An address of a program says nothing about where a kernel's image ran, and the other way round.
        if (address is not { } running || isUser || _context.KernelOffset is not { } moved || running < moved)
            return view;
        foreach (ISymbolSource image in _context.Images)
        {
            if (image.IsRelocatable || image.ModuleName is not null || image.FindAddress(running - moved) is not { } symbol)
                continue;
            ulong offset = running - moved - symbol.Address;
            return view with
            {
                Symbol = new SymbolReference { Name = symbol.Name, Offset = offset, Size = Extent(symbol) },
                LinkAddress = running - moved,
                Check = SymbolCheck.Unsized,
                Source = image.FindSource(running - moved - (isReturn ? 1u : 0)),
            };
        }
        return view;
    }

    private static ulong Extent(ImageSymbol symbol) => symbol.Extent != 0 ? symbol.Extent : symbol.Size;

    private static bool Agrees(ImageSymbol symbol, ulong size) => symbol.Extent == size || symbol.Size == size;
}
