-- Lua and LuaJIT: tables, closures, strings and numbers. Argument: rounds.
local function words(seed)
    return function()
        seed = (seed * 16807) % 2147483647
        return "w" .. string.format("%d", seed % 997), seed
    end
end

local total = 0
for turn = 1, tonumber(arg[1]) do
    local counts, order = {}, {}
    local following = words(turn)
    for _ = 1, 10000 do
        local word, seed = following()
        if counts[word] == nil then
            order[#order + 1] = word
            counts[word] = 0
        end
        counts[word] = counts[word] + seed % 3
    end
    table.sort(order, function(a, b)
        if counts[a] ~= counts[b] then
            return counts[a] > counts[b]
        end
        return a < b
    end)
    for i = 1, 10 do
        total = total + counts[order[i]] + #order[i]
    end
    local x = 0.5
    for i = 1, 100000 do
        x = x * 3.75 * (1 - x)
    end
    total = total + x
end
print(string.format("%.6f", total))
