"""People cut out of frames, by boxes of any detector or tracker."""
