#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "bindings.hpp"
#include "simulation/archive.hpp"

namespace initlaw::python {

/// Lets a class be pickled, compared and hashed by bytes that hold all of it.
template <typename C, typename ToBytes, typename FromBytes>
void bind_bytes(nb::class_<C>& bound, const ToBytes& to_bytes, const FromBytes& from_bytes) {
  bound
      .def(
          "__eq__", [to_bytes](const C& a, const C& b) { return to_bytes(a) == to_bytes(b); }, nb::is_operator(),
          nb::sig(kEqualSig))
      .def("__hash__", [to_bytes](const C& c) { return std::hash<std::string>()(to_bytes(c)); })
      .def("__getstate__",
           [to_bytes](const C& c) {
             const std::string bytes = to_bytes(c);
             return nb::bytes(bytes.data(), bytes.size());
           })
      .def("__setstate__", [from_bytes](C& c, const nb::bytes& bytes) {
        new (&c) C(from_bytes(std::string_view(bytes.c_str(), bytes.size())));
      });
}

/// The same of a class that an archive takes as it is. `empty` is any value of it.
template <typename C>
void bind_archived(nb::class_<C>& bound, std::string_view kind, const C& empty) {
  bind_bytes(
      bound, [kind](const C& c) { return to_marked_bytes(kind, [&](auto& archive) { archive(c); }); },
      [kind, empty](std::string_view bytes) {
        return from_marked_bytes(kind, bytes, [&](auto& archive) {
          C c = empty;
          archive(c);
          return c;
        });
      });
}

}  // namespace initlaw::python
